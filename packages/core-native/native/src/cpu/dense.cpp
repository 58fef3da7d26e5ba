// y = x W + b and its gradients: equation 13 of docs/lstm.md. Packed: W in panels, then Wᵀ in panels.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void dense_pack(CpuContext& context, const DensePack& op) {
  auto pack = [&](bool transposed, std::int64_t k, std::int64_t n, float* out) {
    context.parallel_for(n, kPanel, k, [&](Range columns) {
      pack_panels(op.kernel, op.output, transposed, 0, k, columns.begin, columns.end - columns.begin,
                  out + columns.begin * k);
    });
  };
  pack(false, op.input, op.output, op.packed);
  if (op.transposes) pack(true, op.output, op.input, op.packed + packed_size(op.input, op.output));
}

void dense_forward(CpuContext& context, const DenseForward& op) {
  Gemm g;
  g.m = op.rows;
  g.n = op.output;
  g.k = op.input;
  g.a = op.x;
  g.lda = op.input;
  g.panels = op.packed;
  g.c = op.y;
  g.ldc = op.output;
  g.bias = op.bias;
  gemm(context, g);
}

void dense_backward(CpuContext& context, const DenseBackward& op) {
  Gemm g;
  if (op.dx) {
    g.m = op.rows;
    g.n = op.input;
    g.k = op.output;
    g.a = op.dy;
    g.lda = op.output;
    g.panels = op.packed + packed_size(op.input, op.output);
    g.c = op.dx;
    g.ldc = op.input;
    g.add = op.add_dx;
    gemm(context, g);
  }
  g = Gemm{};
  g.m = op.input;
  g.n = op.output;
  g.k = op.rows;
  g.a = op.x;
  g.lda = op.input;
  g.a_transposed = true;
  g.b = op.dy;
  g.ldb = op.output;
  g.c = op.d_kernel;
  g.ldc = op.output;
  g.add = true;
  gemm(context, g);
  column_sums(context, op.dy, op.rows, op.output, op.output, op.d_bias);
}

}  // namespace rondo::cpu::RONDO_ISA
