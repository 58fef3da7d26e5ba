// Cross-entropy from logits, a block per row: equations 18–19 of docs/lstm.md, with smoothing 31–32. The gradient may
// take the logits' place: everything that is needed of them is read before the row is written.

#include <cmath>

#include "cuda/cuda_ops.h"
#include "cuda/device/reduce.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kRowThreads = 128;

/// The largest logit and where it stands, over the whole row.
__device__ Indexed arg_max(const float* logits, std::int64_t count, Indexed* shared) {
  Indexed best{logits[0], 0};
  for (std::int64_t i = threadIdx.x; i < count; i += blockDim.x) {
    best = larger(best, {logits[i], static_cast<std::int32_t>(i)});
  }
  return block_reduce(best, shared, [](Indexed a, Indexed b) { return larger(a, b); });
}

__device__ double sum_of(const float* logits, std::int64_t count, double* shared) {
  double part = 0;
  for (std::int64_t i = threadIdx.x; i < count; i += blockDim.x) part += static_cast<double>(logits[i]);
  return block_sum(part, shared);
}

__global__ void softmax_cross_entropy_kernel(SoftmaxCrossEntropy op) {
  double* shared = dynamic_shared<double>();
  for (std::int64_t r = blockIdx.x; r < op.rows; r += gridDim.x) {
    const float* logits = op.logits + r * op.vocabulary;
    float* d = op.d_logits + r * op.vocabulary;
    const std::int32_t target = op.targets[r];
    const float weight = op.weights[r];
    const double factor = op.head_weight * static_cast<double>(weight);
    const double at_target = static_cast<double>(logits[target]);
    const Indexed top = arg_max(logits, op.vocabulary, reinterpret_cast<Indexed*>(shared));
    double part = 0;
    for (std::int64_t i = threadIdx.x; i < op.vocabulary; i += blockDim.x) {
      part += static_cast<double>(expf(logits[i] - top.value));
    }
    const double sum = block_sum(part, shared);
    const double all = op.smoothing > 0 ? sum_of(logits, op.vocabulary, shared) : 0;
    if (threadIdx.x == 0) {
      const double mean = all / static_cast<double>(op.vocabulary);
      const double smoothed = op.smoothing > 0 ? op.smoothing * (at_target - mean) : 0;
      if (op.hits) op.hits[r] = top.index == target ? static_cast<double>(weight) : 0.0;
      // 0 · inf is not a loss.
      if (weight != 0.0f) op.loss[r] += factor * (static_cast<double>(top.value) + log(sum) - at_target + smoothed);
    }
    const float inverse = static_cast<float>(1.0 / sum), scale = static_cast<float>(factor);
    const float everybody = static_cast<float>(op.smoothing) / static_cast<float>(op.vocabulary);
    const float own = 1.0f - static_cast<float>(op.smoothing);
    for (std::int64_t i = threadIdx.x; i < op.vocabulary; i += blockDim.x) {
      const float p = expf(logits[i] - top.value) * inverse - (i == target ? own : 0.0f);
      d[i] = weight == 0.0f ? 0.0f : scale * (p - everybody);
    }
  }
}

}  // namespace

void softmax_cross_entropy(CudaContext& context, const SoftmaxCrossEntropy& op) {
  if (op.rows <= 0) return;
  launch(context.stream(), Grid{context.blocks_for(op.rows, 1)}, Block{kRowThreads}, kRowThreads * sizeof(double),
         softmax_cross_entropy_kernel, op);
}

}  // namespace rondo::cuda
