// Columns from one matrix to another: concatenation and its gradient.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void copy_columns(CpuContext& context, const CopyColumns& op) {
  context.parallel_for(op.rows, 1, op.columns, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) {
      const float* src = op.src + r * op.src_stride;
      float* dst = op.dst + r * op.dst_stride;
      for_vectors({0, op.columns}, [&](std::int64_t i, int n) {
        store(dst + i, op.add ? load(dst + i, n) + load(src + i, n) : load(src + i, n), n);
      });
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
