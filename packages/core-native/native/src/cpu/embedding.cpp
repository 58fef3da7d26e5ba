// Rows of a trained table; the gradient is a sum per id, rows in ascending order, one thread per range of columns.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void embedding_forward(CpuContext& context, const IdInput& op) {
  context.parallel_for(op.rows, 1, op.units, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) {
      std::memcpy(op.out + r * op.out_stride, op.table + op.ids[r] * op.units,
                  sizeof(float) * static_cast<std::size_t>(op.units));
    }
  });
}

void embedding_backward(CpuContext& context, const EmbeddingBackward& op) {
  context.parallel_for(op.units, kLanes, op.rows, [&](Range columns) {
    for (std::int64_t r = 0; r < op.rows; ++r) {
      float* d = op.d_table + op.ids[r] * op.units;
      const float* dy = op.dy + r * op.dy_stride;
      for_vectors(columns, [&](std::int64_t i, int n) { store(d + i, load(d + i, n) + load(dy + i, n), n); });
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
