// Values of cases, and how far two results are apart.

#include <cmath>

#include "cases/op_cases.h"
#include "cases/op_table.h"
#include "rondo/rng.h"

namespace rondo::test {

Vector make_values(Index count, std::uint64_t salt, double scale, double offset) {
  Vector values;
  RandomAddress a;
  for (Index i = 0; i < count; ++i) {
    a.row = static_cast<std::uint32_t>(i / 4);
    const double u = uniform01(random_block(salt, a, 0)[static_cast<std::size_t>(i % 4)]);
    values.push_back(static_cast<double>(static_cast<float>(offset + scale * (2 * u - 1))));
  }
  return values;
}

Values make_inputs(const OpCase& c, std::uint64_t salt) {
  Values values;
  for (const InputTensor& input : c.inputs)
    values[input.name] = make_values(input.count, salt++, input.scale, input.offset);
  return values;
}

double error_of(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return INFINITY;
  double difference = 0, top = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) return INFINITY;
    difference = std::max(difference, std::abs(a[i] - b[i]));
    top = std::max(top, std::abs(b[i]));
  }
  return top > 0 ? difference / top : difference;
}

std::vector<std::int32_t> make_ids(Index count, Index vocabulary, std::uint64_t salt) {
  std::vector<std::int32_t> ids;
  for (const double u : make_values(count, salt, 0.5, 0.5)) {
    ids.push_back(static_cast<std::int32_t>(u * static_cast<double>(vocabulary)));
  }
  return ids;
}

}  // namespace rondo::test
