// Start values, on the host and in double: glorot uniform, orthogonal, embedding uniform; equations 26–28 of
// docs/lstm.md. Draws come from Philox at (initialiser, entry index, element).

#include <cmath>
#include <numbers>

#include "network/orthogonal.h"
#include "rondo/parameters.h"
#include "rondo/rng.h"

namespace rondo {
namespace {

/// Uniform draws in (0, 1) of one parameter, from number 4 · block on.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint32_t entry, std::uint32_t block) : seed_(seed), block_(block) {
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
  std::uint32_t block_;
  RandomAddress address_;
  PhiloxCounter words_{};
  std::size_t used_ = 4;
};

/// The draws of one parameter, from any place on.
struct DrawsOf {
  std::uint64_t seed;
  std::uint32_t entry;
  /// `first`: a multiple of four.
  Draws from(std::int64_t first) const { return {seed, entry, static_cast<std::uint32_t>(first / 4)}; }
};

void fill_uniform(const DrawsOf& draws, double limit, Team& team, float* out, std::int64_t count) {
  team.run([&](int index) {
    team.part(index, 0, count, 4, [&](std::int64_t first, std::int64_t last) {
      Draws mine = draws.from(first);
      for (std::int64_t i = first; i < last; ++i) out[i] = static_cast<float>(limit * (2.0 * mine.next() - 1.0));
    });
  });
}

void fill_orthogonal(const DrawsOf& draws, const Shape& shape, Team& team, float* out) {
  std::vector<double> a(static_cast<std::size_t>(element_count(shape)));
  const std::int64_t count = static_cast<std::int64_t>(a.size());
  team.run([&](int index) {
    team.part(index, 0, count, 4, [&](std::int64_t first, std::int64_t last) {
      Draws mine = draws.from(2 * first);
      for (std::int64_t i = first; i < last; ++i) a[static_cast<std::size_t>(i)] = mine.normal();
    });
  });
  orthonormalise(a.data(), shape[0], shape[1], team);
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = static_cast<float>(a[i]);
}

void fill(const ParameterInfo& info, const DrawsOf& draws, Team& team, float* out) {
  switch (info.initialiser) {
    case Initialiser::zeros:
      break;
    case Initialiser::ones:
      for (std::int64_t i = 0; i < info.size; ++i) out[i] = 1.0f;
      break;
    case Initialiser::glorot_uniform: {
      const double fans = static_cast<double>(info.shape[0] + info.shape[1]);
      fill_uniform(draws, std::sqrt(6.0 / fans), team, out, info.size);
      break;
    }
    case Initialiser::orthogonal:
      fill_orthogonal(draws, info.shape, team, out);
      break;
    case Initialiser::embedding_uniform:
      fill_uniform(draws, 0.05, team, out, info.size);
      break;
    case Initialiser::lstm_bias:  // the forget gate starts open
      for (std::int64_t i = info.size / 4; i < info.size / 2; ++i) out[i] = 1.0f;
      break;
  }
}

}  // namespace

void initialise(const ParameterLayout& layout, std::uint64_t seed, int threads, float* block) {
  for (std::int64_t i = 0; i < layout.block_size; ++i) block[i] = 0.0f;
  constexpr std::int64_t kWorthThreads = 1 << 16;
  Team alone(1), all(threads);
  for (std::size_t i = 0; i < layout.entries.size(); ++i) {
    const ParameterInfo& info = layout.entries[i];
    fill(info, {seed, static_cast<std::uint32_t>(i)}, info.size < kWorthThreads ? alone : all, block + info.offset);
  }
}

}  // namespace rondo
