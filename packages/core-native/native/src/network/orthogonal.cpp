// Gram–Schmidt gives a diagonal of R above 0, which is what the signs are for. The matrices of an LSTM are four times
// as long as wide (condition about 3), so that one modified pass keeps all digits.

#include "network/orthogonal.h"

#include <cmath>

namespace rondo {
namespace {

constexpr int kChains = 16;  // sums side by side, whatever the vectors' width

[[gnu::always_inline]] inline double dot(const double* x, const double* y, std::int64_t count) {
  double sums[kChains] = {};
  std::int64_t i = 0;
  for (; i + kChains <= count; i += kChains) {
    for (int j = 0; j < kChains; ++j) sums[j] += x[i + j] * y[i + j];
  }
  for (; i < count; ++i) sums[0] += x[i] * y[i];
  for (int width = kChains / 2; width > 0; width /= 2) {
    for (int j = 0; j < width; ++j) sums[j] += sums[j + width];
  }
  return sums[0];
}

/// Takes the share of `count` unit vectors, one after the other, out of v.
[[gnu::always_inline]] inline void remove_units(double* v, const double* units, std::int64_t count,
                                                std::int64_t columns) {
  for (std::int64_t q = 0; q < count; ++q, units += columns) {
    const double overlap = dot(v, units, columns);
    for (std::int64_t i = 0; i < columns; ++i) v[i] -= overlap * units[i];
  }
}

using Remove = void (*)(double* v, const double* units, std::int64_t count, std::int64_t columns);

void remove_baseline(double* v, const double* units, std::int64_t count, std::int64_t columns) {
  remove_units(v, units, count, columns);
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2"))) void remove_avx2(double* v, const double* units, std::int64_t count,
                                                 std::int64_t columns) {
  remove_units(v, units, count, columns);
}
__attribute__((target("avx512f"))) void remove_avx512(double* v, const double* units, std::int64_t count,
                                                      std::int64_t columns) {
  remove_units(v, units, count, columns);
}

Remove choose_remove() {
  if (__builtin_cpu_supports("avx512f")) return remove_avx512;
  return __builtin_cpu_supports("avx2") ? remove_avx2 : remove_baseline;
}
#else
Remove choose_remove() {
  return remove_baseline;
}
#endif

void normalise(double* v, std::int64_t columns) {
  const double length = std::sqrt(dot(v, v, columns));
  for (std::int64_t i = 0; i < columns; ++i) v[i] /= length;
}

}  // namespace

void orthonormalise(double* a, std::int64_t rows, std::int64_t columns, Team& team) {
  constexpr std::int64_t kBlock = 16;  // finished vectors that stay in cache while the others pass by
  const Remove remove = choose_remove();
  team.run([&](int index) {
    for (std::int64_t begin = 0; begin < rows; begin += kBlock) {
      const std::int64_t end = begin + kBlock < rows ? begin + kBlock : rows;
      const double* units = a + begin * columns;
      for (std::int64_t row = begin; row < end && index == 0; ++row) {
        remove(a + row * columns, units, row - begin, columns);
        normalise(a + row * columns, columns);
      }
      team.meet();
      team.part(index, end, rows, 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t row = first; row < last; ++row) remove(a + row * columns, units, end - begin, columns);
      });
      team.meet();
    }
  });
}

}  // namespace rondo
