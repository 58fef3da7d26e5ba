// Mean squared error over the units of a row, a block per row: equation 20 of docs/lstm.md.

#include "cuda/cuda_ops.h"
#include "cuda/device/reduce.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kRowThreads = 64;

__global__ void mean_squared_error_kernel(MeanSquaredError op) {
  double* shared = dynamic_shared<double>();
  for (std::int64_t r = blockIdx.x; r < op.rows; r += gridDim.x) {
    const double weight = static_cast<double>(op.weights[r]);
    const double factor = op.head_weight * weight / static_cast<double>(op.units);
    double part = 0;
    for (std::int64_t u = threadIdx.x; u < op.units; u += blockDim.x) {
      const std::int64_t at = r * op.units + u;
      const double error = static_cast<double>(op.predictions[at]) - static_cast<double>(op.targets[at]);
      part += error * error;
      if (op.d_predictions) op.d_predictions[at] = weight == 0.0 ? 0.0f : static_cast<float>(2.0 * factor * error);
    }
    const double sum = block_sum(part, shared);
    if (threadIdx.x == 0 && weight != 0.0) op.loss[r] += factor * sum;
  }
}

}  // namespace

void mean_squared_error(CudaContext& context, const MeanSquaredError& op) {
  if (op.rows <= 0) return;
  launch(context.stream(), Grid{context.blocks_for(op.rows, 1)}, Block{kRowThreads}, kRowThreads * sizeof(double),
         mean_squared_error_kernel, op);
}

}  // namespace rondo::cuda
