// Adam and AdamW as Keras defines them: equations 24–25 of docs/lstm.md.

#include <cmath>

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// decay: what the parameters are multiplied with before the step, 1 for Adam.
void step(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op, double decay) {
  const double t = static_cast<double>(op.step);
  const double corrected =
      op.learning_rate * std::sqrt(1.0 - std::pow(spec.beta2, t)) / (1.0 - std::pow(spec.beta1, t));
  const float rate = static_cast<float>(corrected);
  const float scale = static_cast<float>(op.gradient_scale);
  const float keep = static_cast<float>(decay);
  const float rest1 = static_cast<float>(1.0 - spec.beta1);
  const float rest2 = static_cast<float>(1.0 - spec.beta2);
  const float epsilon = static_cast<float>(spec.epsilon);
  float* m = op.slots[0];
  float* v = op.slots[1];
  context.parallel_for(op.count, kLanes, 4, [&](Range range) {
    for (std::int64_t i = range.begin; i < range.end; ++i) {
      const float g = scale * op.g[i];
      m[i] += (g - m[i]) * rest1;
      v[i] += (g * g - v[i]) * rest2;
      op.w[i] = op.w[i] * keep - m[i] * rate / (std::sqrt(v[i]) + epsilon);
    }
  });
}

}  // namespace

void adam(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op) {
  step(context, spec, op, 1.0);
}

void adamw(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op) {
  step(context, spec, op, 1.0 - op.learning_rate * spec.weight_decay);
}

}  // namespace rondo::cpu::RONDO_ISA
