#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void one_hot_forward(CpuContext& context, const IdInput& op) {
  context.parallel_for(op.rows, 1, op.vocabulary, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) {
      float* out = op.out + r * op.out_stride;
      std::memset(out, 0, sizeof(float) * static_cast<std::size_t>(op.vocabulary));
      out[op.ids[r]] = 1.0f;
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
