// Activations and their gradients in terms of their output: equation 14 of docs/lstm.md.

#include <cmath>

#include "cpu/cpu_ops.h"
#include "cpu/vector_math.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

Vf apply(Activation activation, Vf x) {
  switch (activation) {
    case Activation::relu:
      return x < Vf{} ? Vf{} : x;
    case Activation::tanh:
      return tanh(x);
    case Activation::sigmoid:
      return sigmoid(x);
    default:
      return x;
  }
}

Vf through(Activation activation, Vf y, Vf dy) {
  switch (activation) {
    case Activation::relu:
      return y > Vf{} ? dy : Vf{};
    case Activation::tanh:
      return dy * (splat(1.0f) - y * y);
    case Activation::sigmoid:
      return dy * y * (splat(1.0f) - y);
    default:
      return dy;
  }
}

/// dx = y ∘ (dy − Σ y dy), one row.
void softmax_row_backward(const float* y, const float* dy, float* dx, std::int64_t n) {
  double dot = 0;
  for (std::int64_t i = 0; i < n; ++i) dot += static_cast<double>(y[i]) * static_cast<double>(dy[i]);
  for (std::int64_t i = 0; i < n; ++i) dx[i] = y[i] * (dy[i] - static_cast<float>(dot));
}

}  // namespace

double softmax_row(const float* x, float* out, std::int64_t n) {
  float top = x[0];
  for (std::int64_t i = 1; i < n; ++i) top = x[i] > top ? x[i] : top;
  // Eight running sums in double: fast enough, and exact enough for any vocabulary.
  double sums[8] = {};
  for_vectors({0, n}, [&](std::int64_t i, int lanes) {
    store(out + i, exp(load(x + i, lanes) - splat(top)), lanes);
    for (int j = 0; j < lanes; ++j) sums[j & 7] += static_cast<double>(out[i + j]);
  });
  const double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  const Vf scale = splat(static_cast<float>(1.0 / sum));
  for_vectors({0, n}, [&](std::int64_t i, int lanes) { store(out + i, load(out + i, lanes) * scale, lanes); });
  return static_cast<double>(top) + std::log(sum);
}

void activation_forward(CpuContext& context, const ActivationForward& op) {
  if (op.activation == Activation::softmax) {
    context.parallel_for(op.rows, 1, 4 * op.features, [&](Range rows) {
      for (std::int64_t r = rows.begin; r < rows.end; ++r) {
        softmax_row(op.x + r * op.features, op.y + r * op.features, op.features);
      }
    });
    return;
  }
  context.parallel_for(op.rows * op.features, kLanes, 2, [&](Range range) {
    for_vectors(range, [&](std::int64_t i, int n) { store(op.y + i, apply(op.activation, load(op.x + i, n)), n); });
  });
}

void activation_backward(CpuContext& context, const ActivationBackward& op) {
  if (op.activation == Activation::softmax) {
    context.parallel_for(op.rows, 1, 4 * op.features, [&](Range rows) {
      for (std::int64_t r = rows.begin; r < rows.end; ++r) {
        const std::int64_t at = r * op.features;
        softmax_row_backward(op.y + at, op.dy + at, op.dx + at, op.features);
      }
    });
    return;
  }
  context.parallel_for(op.rows * op.features, kLanes, 2, [&](Range range) {
    for_vectors(range, [&](std::int64_t i, int n) {
      store(op.dx + i, through(op.activation, load(op.y + i, n), load(op.dy + i, n)), n);
    });
  });
}

}  // namespace rondo::cpu::RONDO_ISA
