// Batch normalisation over the valid rows: equations 15–17 of docs/lstm.md. Statistics are summed in double, rows in
// ascending order; threads split the features.

#include <cmath>

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

constexpr std::int64_t kStrip = 16;

/// sums[j] = Σ over valid rows of f(row, column), a strip of columns; gives the number of valid rows.
template <class F>
std::int64_t sum_rows(std::int64_t rows, const std::uint8_t* valid, std::int64_t columns, double* sums, F f) {
  std::int64_t count = 0;
  for (std::int64_t j = 0; j < columns; ++j) sums[j] = 0;
  for (std::int64_t r = 0; r < rows; ++r) {
    if (valid && !valid[r]) continue;
    ++count;
    for (std::int64_t j = 0; j < columns; ++j) sums[j] += f(r, j);
  }
  return count;
}

/// Mean and 1/√(variance + ε) of columns [c0, c0 + n), and the moving statistics.
void statistics(const BatchNormForward& op, std::int64_t c0, std::int64_t n) {
  const float* x = op.x + c0;
  double mean[kStrip], variance[kStrip];
  const std::int64_t count = sum_rows(op.rows, op.valid, n, mean, [&](std::int64_t r, std::int64_t j) {
    return static_cast<double>(x[r * op.features + j]);
  });
  for (std::int64_t j = 0; j < n; ++j) mean[j] /= static_cast<double>(larger<std::int64_t>(count, 1));
  sum_rows(op.rows, op.valid, n, variance, [&](std::int64_t r, std::int64_t j) {
    const double d = static_cast<double>(x[r * op.features + j]) - mean[j];
    return d * d;
  });
  for (std::int64_t j = 0; j < n; ++j) {
    variance[j] /= static_cast<double>(larger<std::int64_t>(count, 1));
    op.mean[c0 + j] = static_cast<float>(mean[j]);
    op.inverse_deviation[c0 + j] = static_cast<float>(1.0 / std::sqrt(variance[j] + op.epsilon));
    if (count == 0) continue;
    auto blend = [&](float old, double now) {
      return static_cast<float>(op.momentum * static_cast<double>(old) + (1.0 - op.momentum) * now);
    };
    op.moving_mean[c0 + j] = blend(op.moving_mean[c0 + j], mean[j]);
    op.moving_variance[c0 + j] = blend(op.moving_variance[c0 + j], variance[j]);
  }
}

void normalise(const BatchNormForward& op, std::int64_t c0, std::int64_t n) {
  float shift[kStrip], scale[kStrip];
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t c = c0 + j;
    const double inverse = op.training ? static_cast<double>(op.inverse_deviation[c])
                                       : 1.0 / std::sqrt(static_cast<double>(op.moving_variance[c]) + op.epsilon);
    shift[j] = op.training ? op.mean[c] : op.moving_mean[c];
    scale[j] = static_cast<float>(inverse * static_cast<double>(op.gamma[c]));
  }
  for (std::int64_t r = 0; r < op.rows; ++r) {
    const float* x = op.x + r * op.features + c0;
    float* y = op.y + r * op.features + c0;
    for (std::int64_t j = 0; j < n; ++j) y[j] = (x[j] - shift[j]) * scale[j] + op.beta[c0 + j];
  }
}

/// dγ = Σ dy x̂, dβ = Σ dy, dx = γ/σ · (dy − mean dy − x̂ · mean(dy x̂)).
void backward_strip(const BatchNormBackward& op, std::int64_t c0, std::int64_t n) {
  const float* mean = op.mean + c0;
  const float* inverse = op.inverse_deviation + c0;
  auto at = [&](const float* p, std::int64_t r, std::int64_t j) { return p[r * op.features + c0 + j]; };
  auto standard = [&](std::int64_t r, std::int64_t j) {
    return (static_cast<double>(at(op.x, r, j)) - static_cast<double>(mean[j])) * static_cast<double>(inverse[j]);
  };
  double d_beta[kStrip], d_gamma[kStrip];
  const std::int64_t count = sum_rows(op.rows, op.valid, n, d_beta, [&](std::int64_t r, std::int64_t j) {
    return static_cast<double>(at(op.dy, r, j));
  });
  sum_rows(op.rows, op.valid, n, d_gamma,
           [&](std::int64_t r, std::int64_t j) { return static_cast<double>(at(op.dy, r, j)) * standard(r, j); });
  // What is left of dy after its mean and its slope are taken out may be small: in double.
  double mean_dy[kStrip], mean_dyx[kStrip], scale[kStrip];
  for (std::int64_t j = 0; j < n; ++j) {
    mean_dy[j] = d_beta[j] / static_cast<double>(larger<std::int64_t>(count, 1));
    mean_dyx[j] = d_gamma[j] / static_cast<double>(larger<std::int64_t>(count, 1));
    scale[j] = static_cast<double>(op.gamma[c0 + j]) * static_cast<double>(inverse[j]);
  }
  for (std::int64_t r = 0; r < op.rows; ++r) {
    float* dx = op.dx + r * op.features + c0;
    const bool valid = !op.valid || op.valid[r];
    for (std::int64_t j = 0; j < n; ++j) {
      const double rest = static_cast<double>(at(op.dy, r, j)) - mean_dy[j] - standard(r, j) * mean_dyx[j];
      dx[j] = valid ? static_cast<float>(scale[j] * rest) : 0.0f;
    }
  }
  for (std::int64_t j = 0; j < n; ++j) {
    op.d_gamma[c0 + j] += static_cast<float>(d_gamma[j]);
    op.d_beta[c0 + j] += static_cast<float>(d_beta[j]);
  }
}

template <class F>
void for_strips(CpuContext& context, std::int64_t rows, std::int64_t features, F f) {
  context.parallel_for(features, kStrip, 4 * rows, [&](Range columns) {
    for (std::int64_t c = columns.begin; c < columns.end; c += kStrip) f(c, smaller(kStrip, columns.end - c));
  });
}

}  // namespace

void batch_norm_forward(CpuContext& context, const BatchNormForward& op) {
  for_strips(context, op.rows, op.features, [&](std::int64_t c0, std::int64_t n) {
    if (op.training) statistics(op, c0, n);
    normalise(op, c0, n);
  });
}

void batch_norm_backward(CpuContext& context, const BatchNormBackward& op) {
  for_strips(context, op.rows, op.features, [&](std::int64_t c0, std::int64_t n) { backward_strip(op, c0, n); });
}

}  // namespace rondo::cpu::RONDO_ISA
