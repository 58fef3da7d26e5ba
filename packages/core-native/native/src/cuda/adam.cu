// Adam and AdamW as Keras defines them: equations 24–25 of docs/lstm.md.

#include <cmath>

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

struct Rule {
  float rest1, rest2, epsilon;
  double weight_decay;  ///< 0 for Adam
  double rate;          ///< corrected for the step; where no numbers give it
};

__global__ void adam_kernel(OptimizerUpdate op, Rule rule) {
  if (op.outcome && !op.outcome->update) return;
  const float scale = static_cast<float>(op.outcome ? op.outcome->gradient_scale : op.gradient_scale);
  const float rate = static_cast<float>(op.numbers ? op.numbers->adam_rate : rule.rate);
  const double learning_rate = op.numbers ? op.numbers->learning_rate : op.learning_rate;
  const float keep = static_cast<float>(1.0 - learning_rate * rule.weight_decay);
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x; i < op.count; i += stride) {
    const float g = scale * op.g[i];
    const float m = op.slots[0][i] + (g - op.slots[0][i]) * rule.rest1;
    const float v = op.slots[1][i] + (g * g - op.slots[1][i]) * rule.rest2;
    op.slots[0][i] = m;
    op.slots[1][i] = v;
    op.w[i] = op.w[i] * keep - m * rate / (sqrtf(v) + rule.epsilon);
  }
}

void step(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op, double weight_decay) {
  if (op.count <= 0) return;
  const double t = static_cast<double>(op.step);
  const double rate = op.learning_rate * std::sqrt(1.0 - std::pow(spec.beta2, t)) / (1.0 - std::pow(spec.beta1, t));
  const Rule rule{static_cast<float>(1.0 - spec.beta1), static_cast<float>(1.0 - spec.beta2),
                  static_cast<float>(spec.epsilon), weight_decay, rate};
  const Block block = columns_block(op.count);
  launch(context.stream(), Grid{context.blocks_for(op.count, block.x)}, block, 0, adam_kernel, op, rule);
}

}  // namespace

void adam(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op) {
  step(context, spec, op, 0.0);
}

void adamw(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op) {
  step(context, spec, op, spec.weight_decay);
}

}  // namespace rondo::cuda
