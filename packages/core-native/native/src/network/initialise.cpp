// Start values, on the host and in double: glorot uniform, orthogonal, embedding uniform; equations 26–28 of
// docs/lstm.md. Draws come from Philox at (initialiser, entry index, element).

#include <cmath>
#include <numbers>

#include "rondo/parameters.h"
#include "rondo/rng.h"

namespace rondo {
namespace {

/// Uniform draws in (0, 1) number 0, 1, 2, … of one parameter.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint32_t entry) : seed_(seed) {
    address_.use = RandomUse::initialiser;
    address_.step = entry;
  }

  double next() {
    constexpr std::uint32_t kBlocks = 1u << 20;
    if (used_ == 4) {
      address_.row = block_ / kBlocks;
      words_ = random_block(seed_, address_, block_ % kBlocks);
      ++block_;
      used_ = 0;
    }
    return uniform01(words_[used_++]);
  }

  /// Standard normal, Box–Muller.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(next()));
    return radius * std::cos(2.0 * std::numbers::pi * next());
  }

 private:
  std::uint64_t seed_;
  RandomAddress address_;
  PhiloxCounter words_{};
  std::uint32_t block_ = 0;
  std::size_t used_ = 4;
};

void fill_uniform(Draws& draws, double limit, float* out, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<float>(limit * (2.0 * draws.next() - 1.0));
}

double dot(const double* x, const double* y, std::int64_t count) {
  constexpr int kChains = 16;  // enough to hide the latency of an addition
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

/// Q of the QR of a (columns, rows) normal matrix, its columns times sign(diag R), transposed: (rows, columns) with
/// orthonormal rows. `a` holds the vectors as rows. Gram–Schmidt gives a diagonal of R above 0, which is what the signs
/// are for; the matrix is four times as long as wide (condition about 3), so that one modified pass keeps all digits.
void orthonormalise(std::vector<double>& a, std::int64_t rows, std::int64_t columns) {
  constexpr std::int64_t kBlock = 16;  // finished vectors that stay in cache while the others pass by
  auto remove = [&](std::int64_t row, std::int64_t from, std::int64_t to) {
    double* v = a.data() + row * columns;
    for (std::int64_t q = from; q < to; ++q) {
      const double* unit = a.data() + q * columns;
      const double overlap = dot(v, unit, columns);
      for (std::int64_t i = 0; i < columns; ++i) v[i] -= overlap * unit[i];
    }
  };
  for (std::int64_t begin = 0; begin < rows; begin += kBlock) {
    const std::int64_t end = begin + kBlock < rows ? begin + kBlock : rows;
    for (std::int64_t row = begin; row < end; ++row) {
      remove(row, begin, row);
      double* v = a.data() + row * columns;
      const double length = std::sqrt(dot(v, v, columns));
      for (std::int64_t i = 0; i < columns; ++i) v[i] /= length;
    }
    for (std::int64_t row = end; row < rows; ++row) remove(row, begin, end);
  }
}

void fill_orthogonal(Draws& draws, const Shape& shape, float* out) {
  std::vector<double> a(static_cast<std::size_t>(element_count(shape)));
  for (double& x : a) x = draws.normal();
  orthonormalise(a, shape[0], shape[1]);
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = static_cast<float>(a[i]);
}

void fill(const ParameterInfo& info, Draws& draws, float* out) {
  switch (info.initialiser) {
    case Initialiser::zeros:
      break;
    case Initialiser::ones:
      for (std::int64_t i = 0; i < info.size; ++i) out[i] = 1.0f;
      break;
    case Initialiser::glorot_uniform: {
      const double fans = static_cast<double>(info.shape[0] + info.shape[1]);
      fill_uniform(draws, std::sqrt(6.0 / fans), out, info.size);
      break;
    }
    case Initialiser::orthogonal:
      fill_orthogonal(draws, info.shape, out);
      break;
    case Initialiser::embedding_uniform:
      fill_uniform(draws, 0.05, out, info.size);
      break;
    case Initialiser::lstm_bias:  // the forget gate starts open
      for (std::int64_t i = info.size / 4; i < info.size / 2; ++i) out[i] = 1.0f;
      break;
  }
}

}  // namespace

void initialise(const ParameterLayout& layout, std::uint64_t seed, float* block) {
  for (std::int64_t i = 0; i < layout.block_size; ++i) block[i] = 0.0f;
  for (std::size_t i = 0; i < layout.entries.size(); ++i) {
    Draws draws(seed, static_cast<std::uint32_t>(i));
    fill(layout.entries[i], draws, block + layout.entries[i].offset);
  }
}

}  // namespace rondo
