#pragma once

// bfloat16 on the host of the tests, by its bits.

#include <bit>
#include <cstdint>

namespace rondo::test {

/// To nearest, ties to even; not for NaN.
inline std::uint16_t to_bits(float x) {
  const std::uint32_t word = std::bit_cast<std::uint32_t>(x);
  return static_cast<std::uint16_t>((word + 0x7fffu + (word >> 16 & 1)) >> 16);
}

inline float from_bits(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

}  // namespace rondo::test
