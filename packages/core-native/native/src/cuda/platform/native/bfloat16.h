#pragma once

// bfloat16 numbers: bits in memory, float in registers; rounded to nearest, ties to even.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

struct Bf16 {
  std::uint16_t bits;
};

/// Two values in one word: `low` in the lower half.
__device__ __forceinline__ std::uint32_t pack_bf16(float low, float high) {
  std::uint32_t word;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(high), "f"(low));
  return word;
}

__device__ __forceinline__ float low_bf16(std::uint32_t word) {
  return __uint_as_float(word << 16);
}
__device__ __forceinline__ float high_bf16(std::uint32_t word) {
  return __uint_as_float(word & 0xffff0000u);
}

__device__ __forceinline__ Bf16 to_bf16(float x) {
  return {static_cast<std::uint16_t>(pack_bf16(x, 0.0f))};
}
__device__ __forceinline__ float from_bf16(Bf16 x) {
  return __uint_as_float(static_cast<std::uint32_t>(x.bits) << 16);
}

}  // namespace rondo::cuda
