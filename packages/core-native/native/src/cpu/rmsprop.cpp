// RMSprop as Keras defines it: equation 23 of docs/lstm.md.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {
void rmsprop(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op) {
  const Vf scale = splat(static_cast<float>(op.gradient_scale));
  const Vf rho = splat(static_cast<float>(spec.rho));
  const Vf rest = splat(static_cast<float>(1.0 - spec.rho));
  const Vf rate = splat(static_cast<float>(op.learning_rate));
  const Vf epsilon = splat(static_cast<float>(spec.epsilon));
  const Vf momentum = splat(static_cast<float>(spec.momentum));
  const bool inside = spec.epsilon_placement == EpsilonPlacement::inside_root;
  float* velocity = op.slots[0];
  float* moment = spec.momentum > 0 ? op.slots[1] : nullptr;
  float* average = spec.centered ? op.slots[spec.momentum > 0 ? 2 : 1] : nullptr;
  context.parallel_for(op.count, kLanes, 4, [&](Range range) {
    for_vectors(range, [&](std::int64_t i, int n) {
      const Vf g = scale * load(op.g + i, n);
      const Vf v = fma(rho, load(velocity + i, n), rest * g * g);
      store(velocity + i, v, n);
      Vf spread = v;
      if (average) {
        const Vf a = fma(rho, load(average + i, n), rest * g);
        store(average + i, a, n);
        spread = v - a * a;
      }
      Vf step = rate * g / (inside ? square_root(spread + epsilon) : square_root(vmax(spread, Vf{})) + epsilon);
      if (moment) {
        step = fma(momentum, load(moment + i, n), step);
        store(moment + i, step, n);
      }
      store(op.w + i, load(op.w + i, n) - step, n);
    });
  });
}

}  // namespace rondo::cpu::RONDO_ISA
