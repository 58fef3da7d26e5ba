#pragma once

// Philox4x32-10: a counter-based generator (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011). A value depends on its key and counter alone, so that any thread or device can draw it.

#include <array>
#include <cstdint>

namespace rondo {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

constexpr std::uint32_t kPhiloxFactor0 = 0xD2511F53u, kPhiloxFactor1 = 0xCD9E8D57u;
constexpr std::uint32_t kPhiloxKeyStep0 = 0x9E3779B9u, kPhiloxKeyStep1 = 0xBB67AE85u;

/// Ten rounds. Pure; the same on every device.
constexpr PhiloxCounter philox4x32_10(PhiloxCounter c, PhiloxKey k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{kPhiloxFactor0} * c[0];
    const std::uint64_t b = std::uint64_t{kPhiloxFactor1} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
    k[0] += kPhiloxKeyStep0;
    k[1] += kPhiloxKeyStep1;
  }
  return c;
}

/// What a random value is for; keeps the streams of different uses apart.
enum class RandomUse : std::uint32_t { recurrent_dropout = 0, dropout = 1, initialiser = 2 };

/// The address of one random value. `layer`, `direction`, `gate` and `time` are 0 where they have no meaning
/// (a mask that is constant over time uses time 0).
struct RandomAddress {
  RandomUse use = RandomUse::dropout;
  std::uint32_t step = 0;       ///< number of updates done
  std::uint32_t layer = 0;      ///< < 2^12
  std::uint32_t direction = 0;  ///< 0 forward, 1 backward
  std::uint32_t gate = 0;       ///< 0..3 = i, f, c, o
  std::uint32_t time = 0;       ///< < 2^20
  std::uint32_t row = 0;        ///< global row (batch row + row offset)
};

constexpr std::uint32_t kMaxRandomLayers = 1u << 12;
constexpr std::uint32_t kMaxRandomTime = 1u << 20;
constexpr std::uint32_t kMaxRandomUnits = 1u << 22;

constexpr PhiloxKey philox_key(std::uint64_t seed) {
  return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
}

/// [block | gate << 20 | direction << 22 | use << 23, row, time | layer << 20, step].
constexpr PhiloxCounter random_counter(const RandomAddress& a, std::uint32_t block) {
  return {block | (a.gate << 20) | (a.direction << 22) | (static_cast<std::uint32_t>(a.use) << 23), a.row,
          a.time | (a.layer << 20), a.step};
}

/// Four random words for units 4·block … 4·block + 3.
constexpr PhiloxCounter random_block(std::uint64_t seed, const RandomAddress& a, std::uint32_t block) {
  return philox4x32_10(random_counter(a, block), philox_key(seed));
}

/// A unit is dropped when its word is below this: P(drop) = rate to within 2^-32.
constexpr std::uint32_t drop_threshold(double rate) {
  return static_cast<std::uint32_t>(rate * 4294967296.0);
}

/// Uniform in (0, 1), 32 bits; never 0, so that log() is safe.
constexpr double uniform01(std::uint32_t word) {
  return (static_cast<double>(word) + 0.5) / 4294967296.0;
}

}  // namespace rondo
