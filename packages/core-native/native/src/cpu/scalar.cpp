// An id as one number, id / vocabulary: the tutorial's input.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void scalar_forward(CpuContext& context, const IdInput& op) {
  const float vocabulary = static_cast<float>(op.vocabulary);
  context.parallel_for(op.rows, 1, 1, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) {
      op.out[r * op.out_stride] = static_cast<float>(op.ids[r]) / vocabulary;
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
