// What a training step comes to: its loss, the norm of its gradient, and whether it changes anything.

#include <cmath>

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void sum_losses(const SumLosses& op) {
  double loss = 0, hits = 0;
  for (std::int64_t r = 0; r < op.rows; ++r) {
    loss += op.loss[r];
    hits += op.hits[r];
  }
  op.outcome->loss_sum = loss;
  op.outcome->hits = hits;
  op.outcome->loss_finite = std::isfinite(loss);
}

void judge_gradient(CpuContext& context, const JudgeGradient& op) {
  const double divisor = op.numbers->divisor, clip = op.numbers->clip_norm;
  const double norm = std::sqrt(sum_of_squares(context, op.g, op.count)) / divisor;
  op.outcome->gradient_norm = norm;
  op.outcome->gradient_scale = (clip > 0 && norm > clip ? clip / norm : 1.0) / divisor;
  op.outcome->update = op.outcome->loss_finite && std::isfinite(norm);
}

}  // namespace rondo::cpu::RONDO_ISA
