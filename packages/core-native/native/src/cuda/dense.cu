// y = x W + b and its gradients: equation 13 of docs/lstm.md. W is read as it stands: packed is a copy of it.

#include "cuda/cuda_ops.h"
#include "cuda/gemm.h"
#include "cuda/reduce.h"
#include "dense_plan.h"

namespace rondo::cuda {

std::int64_t dense_packed_size(std::int64_t input, std::int64_t output) {
  return (input * output + 63) / 64 * 64;  // whatever comes behind starts on 256 bytes
}

void dense_pack(CudaContext& context, const DensePack& op) {
  const auto bytes = sizeof(float) * static_cast<std::size_t>(op.input * op.output);
  copy_on_device(op.packed, op.kernel, bytes, context.stream());
}

void dense_forward(CudaContext& context, const DenseForward& op) {
  Gemm g = dense_output<Gemm>(op);
  g.b = op.packed;
  g.ldb = op.transposed ? op.input : op.output;
  g.trans_b = op.transposed;
  gemm(context, g);
}

void dense_backward(CudaContext& context, const DenseBackward& op) {
  if (op.dx) {
    Gemm g = dense_input_gradient<Gemm>(op);
    g.b = op.packed;
    g.ldb = op.transposed ? op.input : op.output;
    g.trans_b = !op.transposed;
    gemm(context, g);
  }
  Gemm g = dense_weight_gradient<Gemm>(op);
  g.trans_a = true;
  gemm(context, g);
  column_sums(context, op.dy, op.rows, op.output, op.output, op.d_bias);
}

}  // namespace rondo::cuda
