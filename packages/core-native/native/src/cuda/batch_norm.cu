// Batch normalisation over the valid rows: equations 15–17 of docs/lstm.md. Statistics are summed in double: a block
// takes kColumns features, kLanes threads share a feature's rows, and their sums are added in order.

#include <cmath>

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kColumns = 32, kLanes = 8;

/// The sum of f(row) over this thread's valid rows and those of the other lanes of its column, on every lane.
template <class F>
__device__ double sum_rows(std::int64_t rows, const std::uint8_t* valid, double* shared, F f) {
  const unsigned column = threadIdx.x % kColumns, lane = threadIdx.x / kColumns;
  double sum = 0;
  for (std::int64_t r = lane; r < rows; r += kLanes) {
    if (!valid || valid[r]) sum += f(r);
  }
  __syncthreads();
  shared[lane * kColumns + column] = sum;
  __syncthreads();
  sum = 0;
  for (unsigned i = 0; i < kLanes; ++i) sum += shared[i * kColumns + column];
  return sum;
}

__device__ float blend(double momentum, float old, double now) {
  return static_cast<float>(momentum * static_cast<double>(old) + (1.0 - momentum) * now);
}

/// Mean and 1/√(variance + ε) of the batch, and the moving statistics.
__global__ void statistics_kernel(BatchNormForward op) {
  double* shared = dynamic_shared<double>();
  const std::int64_t feature = static_cast<std::int64_t>(blockIdx.x) * kColumns + threadIdx.x % kColumns;
  const bool inside = feature < op.features;
  const float* x = op.x + (inside ? feature : 0);
  const double count = sum_rows(op.rows, op.valid, shared, [](std::int64_t) { return 1.0; });
  const double divisor = count > 0 ? count : 1;
  const double mean =
      sum_rows(op.rows, op.valid, shared, [&](std::int64_t r) { return static_cast<double>(x[r * op.features]); }) /
      divisor;
  const double variance = sum_rows(op.rows, op.valid, shared,
                                   [&](std::int64_t r) {
                                     const double d = static_cast<double>(x[r * op.features]) - mean;
                                     return d * d;
                                   }) /
                          divisor;
  if (!inside || threadIdx.x >= kColumns) return;
  op.mean[feature] = static_cast<float>(mean);
  op.inverse_deviation[feature] = static_cast<float>(1.0 / sqrt(variance + op.epsilon));
  if (count == 0) return;
  op.moving_mean[feature] = blend(op.momentum, op.moving_mean[feature], mean);
  op.moving_variance[feature] = blend(op.momentum, op.moving_variance[feature], variance);
}

__global__ void normalise_kernel(BatchNormForward op) {
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t c = first; c < op.features; c += stride) {
    const double inverse = op.training ? static_cast<double>(op.inverse_deviation[c])
                                       : 1.0 / sqrt(static_cast<double>(op.moving_variance[c]) + op.epsilon);
    const float shift = op.training ? op.mean[c] : op.moving_mean[c];
    const float scale = static_cast<float>(inverse * static_cast<double>(op.gamma[c]));
    const float beta = op.beta[c];
    for (std::int64_t r = blockIdx.y; r < op.rows; r += gridDim.y) {
      const std::int64_t at = r * op.features + c;
      op.y[at] = (op.x[at] - shift) * scale + beta;
    }
  }
}

/// dγ = Σ dy x̂ and dβ = Σ dy; leaves the means of dy and of dy x̂ [2][F].
__global__ void gradient_sums_kernel(BatchNormBackward op, double* means) {
  double* shared = dynamic_shared<double>();
  const std::int64_t feature = static_cast<std::int64_t>(blockIdx.x) * kColumns + threadIdx.x % kColumns;
  const bool inside = feature < op.features;
  const std::int64_t c = inside ? feature : 0;
  const double mean = static_cast<double>(op.mean[c]), inverse = static_cast<double>(op.inverse_deviation[c]);
  const double count = sum_rows(op.rows, op.valid, shared, [](std::int64_t) { return 1.0; });
  const double divisor = count > 0 ? count : 1;
  const double d_beta = sum_rows(op.rows, op.valid, shared,
                                 [&](std::int64_t r) { return static_cast<double>(op.dy[r * op.features + c]); });
  const double d_gamma = sum_rows(op.rows, op.valid, shared, [&](std::int64_t r) {
    const std::int64_t at = r * op.features + c;
    return static_cast<double>(op.dy[at]) * ((static_cast<double>(op.x[at]) - mean) * inverse);
  });
  if (!inside || threadIdx.x >= kColumns) return;
  means[c] = d_beta / divisor;
  means[op.features + c] = d_gamma / divisor;
  op.d_gamma[c] += static_cast<float>(d_gamma);
  op.d_beta[c] += static_cast<float>(d_beta);
}

/// dx = γ/σ · (dy − mean dy − x̂ · mean(dy x̂)). What is left of dy may be small: in double.
__global__ void gradient_kernel(BatchNormBackward op, const double* means) {
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t c = first; c < op.features; c += stride) {
    const double mean = static_cast<double>(op.mean[c]), inverse = static_cast<double>(op.inverse_deviation[c]);
    const double scale = static_cast<double>(op.gamma[c]) * inverse;
    const double mean_dy = means[c], mean_dyx = means[op.features + c];
    for (std::int64_t r = blockIdx.y; r < op.rows; r += gridDim.y) {
      const std::int64_t at = r * op.features + c;
      const double standard = (static_cast<double>(op.x[at]) - mean) * inverse;
      const double rest = static_cast<double>(op.dy[at]) - mean_dy - standard * mean_dyx;
      op.dx[at] = !op.valid || op.valid[r] ? static_cast<float>(scale * rest) : 0.0f;
    }
  }
}

Grid strips(std::int64_t features) {
  return {static_cast<unsigned>((features + kColumns - 1) / kColumns), 1, 1};
}

constexpr std::size_t kShared = sizeof(double) * kColumns * kLanes;

}  // namespace

void batch_norm_forward(CudaContext& context, const BatchNormForward& op) {
  if (op.rows <= 0) return;
  if (op.training) {
    launch(context.stream(), strips(op.features), Block{kColumns * kLanes}, kShared, statistics_kernel, op);
  }
  launch(context.stream(), columns_grid(context, op.rows, op.features), columns_block(op.features), 0, normalise_kernel,
         op);
}

void batch_norm_backward(CudaContext& context, const BatchNormBackward& op) {
  if (op.rows <= 0) return;
  auto* means = static_cast<double*>(context.scratch(2 * sizeof(double) * static_cast<std::size_t>(op.features)));
  launch(context.stream(), strips(op.features), Block{kColumns * kLanes}, kShared, gradient_sums_kernel, op, means);
  launch(context.stream(), columns_grid(context, op.rows, op.features), columns_block(op.features), 0, gradient_kernel,
         op, means);
}

}  // namespace rondo::cuda
