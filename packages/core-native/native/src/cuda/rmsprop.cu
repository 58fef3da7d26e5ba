// RMSprop as Keras defines it: equation 23 of docs/lstm.md.

#include <cmath>

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

struct Rule {
  float rho, rest, epsilon, momentum;
  bool inside;
};

__global__ void rmsprop_kernel(OptimizerUpdate op, Rule rule, float* moment, float* average) {
  if (op.outcome && !op.outcome->update) return;
  const float scale = static_cast<float>(op.outcome ? op.outcome->gradient_scale : op.gradient_scale);
  const float rate = static_cast<float>(op.numbers ? op.numbers->learning_rate : op.learning_rate);
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x; i < op.count; i += stride) {
    const float g = scale * op.g[i];
    const float v = fmaf(rule.rho, op.slots[0][i], rule.rest * g * g);
    op.slots[0][i] = v;
    float spread = v;
    if (average) {
      const float a = fmaf(rule.rho, average[i], rule.rest * g);
      average[i] = a;
      spread = v - a * a;
    }
    float step =
        rate * g / (rule.inside ? sqrtf(spread + rule.epsilon) : sqrtf(spread > 0.0f ? spread : 0.0f) + rule.epsilon);
    if (moment) {
      step = fmaf(rule.momentum, moment[i], step);
      moment[i] = step;
    }
    op.w[i] -= step;
  }
}

}  // namespace

void rmsprop(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op) {
  if (op.count <= 0) return;
  float* moment = spec.momentum > 0 ? op.slots[1] : nullptr;
  float* average = spec.centered ? op.slots[spec.momentum > 0 ? 2 : 1] : nullptr;
  const Rule rule{static_cast<float>(spec.rho), static_cast<float>(1.0 - spec.rho), static_cast<float>(spec.epsilon),
                  static_cast<float>(spec.momentum), spec.epsilon_placement == EpsilonPlacement::inside_root};
  const Block block = columns_block(op.count);
  launch(context.stream(), Grid{context.blocks_for(op.count, block.x)}, block, 0, rmsprop_kernel, op, rule, moment,
         average);
}

}  // namespace rondo::cuda
