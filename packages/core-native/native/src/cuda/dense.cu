// y = x W + b and its gradients: equation 13 of docs/lstm.md. W is read as it stands: packed is a copy of it.

#include "cuda/cuda_ops.h"
#include "cuda/gemm.h"
#include "cuda/reduce.h"

namespace rondo::cuda {

std::int64_t dense_packed_size(std::int64_t input, std::int64_t output) {
  return (input * output + 63) / 64 * 64;  // whatever comes behind starts on 256 bytes
}

void dense_pack(CudaContext& context, const DensePack& op) {
  const auto bytes = sizeof(float) * static_cast<std::size_t>(op.input * op.output);
  copy_on_device(op.packed, op.kernel, bytes, context.stream());
}

void dense_forward(CudaContext& context, const DenseForward& op) {
  Gemm g;
  g.m = op.rows;
  g.n = op.output;
  g.k = op.input;
  g.a = op.x;
  g.lda = op.input;
  g.b = op.packed;
  g.ldb = op.output;
  g.c = op.y;
  g.ldc = op.output;
  g.bias = op.bias;
  gemm(context, g);
}

void dense_backward(CudaContext& context, const DenseBackward& op) {
  Gemm g;
  if (op.dx) {
    g.m = op.rows;
    g.n = op.input;
    g.k = op.output;
    g.a = op.dy;
    g.lda = op.output;
    g.b = op.packed;
    g.ldb = op.output;
    g.trans_b = true;
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
  g.trans_a = true;
  g.b = op.dy;
  g.ldb = op.output;
  g.c = op.d_kernel;
  g.ldc = op.output;
  g.add = true;
  gemm(context, g);
  column_sums(context, op.dy, op.rows, op.output, op.output, op.d_bias);
}

}  // namespace rondo::cuda
