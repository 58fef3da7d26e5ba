#include "reference/reduced.h"

#include <algorithm>
#include <cmath>

namespace rondo::reference {
namespace {

/// The nearest number of eight significant bits, ties to even, by the value alone.
double nearest_of_eight_bits(double x) {
  if (x == 0) return 0;
  int exponent = 0;
  std::frexp(x, &exponent);                                           // |x| in [1/2, 1) · 2^exponent
  const double unit = std::ldexp(1.0, std::max(exponent - 8, -133));  // of the last bit; below 2^−126 it is fixed
  return std::nearbyint(x / unit) * unit;
}

}  // namespace

Vector rounded(WeightPrecision precision, Index rows, Index columns, const Vector& weights) {
  Vector out = weights;
  if (precision == WeightPrecision::bf16) {
    for (double& x : out) x = nearest_of_eight_bits(x);
    return out;
  }
  for (Index c = 0; c < columns; ++c) {
    double top = 0;
    for (Index r = 0; r < rows; ++r) top = std::max(top, std::abs(out[static_cast<std::size_t>(r * columns + c)]));
    if (top == 0) continue;
    const float scale = static_cast<float>(top) / 127.0f;  // the scale is a float, and so is the quotient
    for (Index r = 0; r < rows; ++r) {
      double& x = out[static_cast<std::size_t>(r * columns + c)];
      x = static_cast<double>(std::nearbyint(static_cast<float>(x) / scale)) * static_cast<double>(scale);
    }
  }
  return out;
}

Tensors rounded_network(WeightPrecision precision, const Network& network, const Tensors& parameters) {
  Tensors out = parameters;
  for (const ParameterInfo& entry : network.parameters()) {
    if (entry.shape.size() < 2 || entry.name.compare(0, 7, "inputs.") == 0) continue;
    out[entry.name] = rounded(precision, entry.shape[0], entry.shape[1], out[entry.name]);
  }
  // A tied head reads a rounded copy; the table itself stays as it is.
  for (const HeadSpec& head : network.spec().heads) {
    if (head.tied.empty()) continue;
    const Vector kernel = tied_kernel(head, parameters);
    const Index units = static_cast<Index>(kernel.size()) / head.vocabulary;
    out["heads." + head.name + ".kernel"] = rounded(precision, units, head.vocabulary, kernel);
  }
  return out;
}

}  // namespace rondo::reference
