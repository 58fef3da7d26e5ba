// The cell's arithmetic against double precision; the same header is compiled for the device.

#include "cuda/device/cell.h"

#include <algorithm>
#include <cmath>

#include "cases/op_cases.h"
#include "framework.h"

namespace rondo::test {
namespace {

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

/// Largest difference over −12 … 12.
template <class F, class G>
double worst(F approximation, G exact) {
  double error = 0;
  for (int i = -12000; i <= 12000; ++i) {
    const float x = static_cast<float>(i) / 1000;
    error = std::max(error, std::abs(static_cast<double>(approximation(x)) - exact(static_cast<double>(x))));
  }
  return error;
}

/// h + 2c after a step: a value whose slopes are what differentiate() gives with dh = 1, dc = 2.
double value(const double (&z)[4], double c_before) {
  const double c = logistic(z[1]) * c_before + logistic(z[0]) * std::tanh(z[2]);
  return logistic(z[3]) * std::tanh(c) + 2 * c;
}

}  // namespace

TEST("CUDA cell: activations are within 3e-7 of double, the quick ones within 2^-10") {
  const auto exact = [](double x) { return std::tanh(x); };
  CHECK(worst([](float x) { return cuda::exact_tanh(x); }, exact) < 3e-7);
  CHECK(worst([](float x) { return cuda::gate_value<false>(x, false); }, logistic) < 3e-7);
  CHECK(worst([](float x) { return cuda::cell_tanh<true>(x); }, exact) < 1.0 / 1024);
  CHECK(worst([](float x) { return cuda::gate_value<true>(x, false); }, logistic) < 1.0 / 1024);
  CHECK(worst([](float x) { return cuda::gate_value<false>(x, true); },
              [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }) < 3e-7);
  CHECK(std::isnan(cuda::exact_tanh(NAN)));
}

TEST("CUDA cell: a step and its gradient are those of double precision") {
  const Vector values = make_values(5 * 40, 3, 2);
  for (std::size_t i = 0; i < 40; ++i) {
    const double* v = values.data() + i * 5;
    const float z[4] = {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2]),
                        static_cast<float>(v[3])};
    const cuda::CellGates gates = cuda::activate<false>(z, false);
    const cuda::CellState state = cuda::advance<false>(gates, static_cast<float>(v[4]));
    const double exact[4] = {v[0], v[1], v[2], v[3]};
    CHECK(std::abs(static_cast<double>(state.h + 2 * state.c) - value(exact, v[4])) < 3e-6);
    const cuda::CellGradient d =
        cuda::differentiate<false>(gates, state.c, static_cast<float>(v[4]), 1.0f, 2.0f, false);
    constexpr double kStep = 1e-5;
    for (int g = 0; g < 4; ++g) {
      double up[4] = {v[0], v[1], v[2], v[3]}, down[4] = {v[0], v[1], v[2], v[3]};
      up[g] += kStep;
      down[g] -= kStep;
      CHECK(std::abs(static_cast<double>(d.z[g]) - (value(up, v[4]) - value(down, v[4])) / (2 * kStep)) < 3e-6);
    }
    const double slope = (value(exact, v[4] + kStep) - value(exact, v[4] - kStep)) / (2 * kStep);
    CHECK(std::abs(static_cast<double>(d.dc) - slope) < 3e-6);
  }
}

}  // namespace rondo::test
