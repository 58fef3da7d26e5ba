// y = x W + b and its gradients: equation 13 of docs/lstm.md. Packed: W in panels, then Wᵀ in panels.

#include "cpu/cpu_ops.h"
#include "dense_plan.h"

namespace rondo::cpu::RONDO_ISA {

void dense_pack(CpuContext& context, const DensePack& op) {
  auto pack = [&](bool transposed, std::int64_t k, std::int64_t n, float* out) {
    context.parallel_for(n, kPanel, k, [&](Range columns) {
      pack_panels(op.kernel, op.transposed ? op.input : op.output, transposed, 0, k, columns.begin,
                  columns.end - columns.begin, out + columns.begin * k);
    });
  };
  pack(op.transposed, op.input, op.output, op.packed);
  if (op.transposes) pack(!op.transposed, op.output, op.input, op.packed + packed_size(op.input, op.output));
}

void dense_forward(CpuContext& context, const DenseForward& op) {
  Gemm g = dense_output<Gemm>(op);
  g.panels = op.packed;
  gemm(context, g);
}

void dense_backward(CpuContext& context, const DenseBackward& op) {
  if (op.dx) {
    Gemm g = dense_input_gradient<Gemm>(op);
    g.panels = op.packed + packed_size(op.input, op.output);
    gemm(context, g);
  }
  Gemm g = dense_weight_gradient<Gemm>(op);
  g.a_transposed = true;
  gemm(context, g);
  column_sums(context, op.dy, op.rows, op.output, op.output, op.d_bias);
}

}  // namespace rondo::cpu::RONDO_ISA
