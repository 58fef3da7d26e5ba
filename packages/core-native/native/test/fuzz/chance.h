#pragma once

// Where fuzz cases take their values from: mostly sensible ones, and often the ones at which code breaks.

#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace rondo::fuzz {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  /// low … high, both included.
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  bool one_in(int count) { return whole(1, count) == 1; }

  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(whole(0, static_cast<std::int64_t>(choices.size()) - 1))];
  }
  template <class Enum>
  Enum kind(int count) {
    return static_cast<Enum>(whole(0, count - 1));
  }

  /// A size that is sensible unless this case is a `wild` one.
  std::int64_t size(std::int64_t high, bool wild) {
    static const std::vector<std::int64_t> edges{0,
                                                 -1,
                                                 4'194'303,
                                                 4'194'304,
                                                 std::int64_t{1} << 31,
                                                 (std::int64_t{1} << 32) + 1,
                                                 std::numeric_limits<std::int64_t>::max(),
                                                 std::numeric_limits<std::int64_t>::min()};
    return wild && one_in(6) ? of(edges) : whole(1, high);
  }

  double number(double low, double high, bool wild) {
    static const std::vector<double> edges{0.0,
                                           -0.0,
                                           -1.0,
                                           1.0,
                                           1e308,
                                           1e-320,
                                           std::numeric_limits<double>::infinity(),
                                           -std::numeric_limits<double>::infinity(),
                                           std::numeric_limits<double>::quiet_NaN()};
    return wild && one_in(6) ? of(edges) : std::uniform_real_distribution<double>(low, high)(engine_);
  }

  std::vector<float> floats(std::size_t count, bool wild) {
    std::vector<float> out(count);
    for (float& x : out) x = static_cast<float>(number(-1, 1, wild));
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace rondo::fuzz
