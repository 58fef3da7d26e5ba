#pragma once

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

struct Bf16 {
  std::uint16_t bits;
};

inline Bf16 to_bf16(float x) {
  const std::uint32_t word = __float_as_uint(x);
  if ((word & 0x7fffffffu) > 0x7f800000u) return {0x7fff};
  return {static_cast<std::uint16_t>((word + 0x7fffu + ((word >> 16) & 1)) >> 16)};
}

inline float from_bf16(Bf16 x) {
  return __uint_as_float(static_cast<std::uint32_t>(x.bits) << 16);
}

inline std::uint32_t pack_bf16(float low, float high) {
  return to_bf16(low).bits | static_cast<std::uint32_t>(to_bf16(high).bits) << 16;
}

inline float low_bf16(std::uint32_t word) {
  return __uint_as_float(word << 16);
}
inline float high_bf16(std::uint32_t word) {
  return __uint_as_float(word & 0xffff0000u);
}

}  // namespace rondo::cuda
