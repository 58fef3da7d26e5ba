// Mean squared error over the units of a row: equation 20 of docs/lstm.md.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

void one_row(const MeanSquaredError& op, std::int64_t r) {
  const float* y = op.predictions + r * op.units;
  const float* target = op.targets + r * op.units;
  const double weight = static_cast<double>(op.weights[r]);
  const double factor = op.head_weight * weight / static_cast<double>(op.units);
  double sum = 0;
  for (std::int64_t u = 0; u < op.units; ++u) {
    const double error = static_cast<double>(y[u]) - static_cast<double>(target[u]);
    sum += error * error;
    if (op.d_predictions) {
      op.d_predictions[r * op.units + u] = weight == 0.0 ? 0.0f : static_cast<float>(2.0 * factor * error);
    }
  }
  if (weight != 0.0) op.loss[r] += factor * sum;
}

}  // namespace

void mean_squared_error(CpuContext& context, const MeanSquaredError& op) {
  context.parallel_for(op.rows, 1, 2 * op.units, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) one_row(op, r);
  });
}

}  // namespace rondo::cpu::RONDO_ISA
