// What a training step comes to: its loss, the norm of its gradient, and whether it changes anything.

#include <cmath>

#include "cuda/cuda_ops.h"
#include "cuda/device/reduce.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kSumThreads = 256;

__device__ bool is_finite(double x) {
  return x - x == 0.0;
}

__global__ void sum_losses_kernel(SumLosses op) {
  double* shared = dynamic_shared<double>();
  double loss = 0, hits = 0;
  for (std::int64_t r = threadIdx.x; r < op.rows; r += blockDim.x) {
    loss += op.loss[r];
    hits += op.hits[r];
  }
  loss = block_sum(loss, shared);
  hits = block_sum(hits, shared);
  if (threadIdx.x != 0) return;
  op.outcome->loss_sum = loss;
  op.outcome->hits = hits;
  op.outcome->loss_finite = is_finite(loss) ? 1 : 0;
}

/// outcome->gradient_norm holds the sum of squares.
__global__ void judge_gradient_kernel(JudgeGradient op) {
  const double divisor = op.numbers->divisor, clip = op.numbers->clip_norm;
  const double norm = sqrt(op.outcome->gradient_norm) / divisor;
  op.outcome->gradient_norm = norm;
  op.outcome->gradient_scale = (clip > 0 && norm > clip ? clip / norm : 1.0) / divisor;
  op.outcome->update = op.outcome->loss_finite && is_finite(norm) ? 1 : 0;
}

}  // namespace

void sum_losses(CudaContext& context, const SumLosses& op) {
  launch(context.stream(), Grid{1}, Block{kSumThreads}, kSumThreads * sizeof(double), sum_losses_kernel, op);
}

void judge_gradient(CudaContext& context, const JudgeGradient& op) {
  sum_of_squares(context, op.g, op.count, &op.outcome->gradient_norm);
  launch(context.stream(), Grid{1}, Block{1}, 0, judge_gradient_kernel, op);
}

}  // namespace rondo::cuda
