#pragma once

// Bits of a dropout mask as patterns that keep or clear values.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

/// Two neighbouring bits of `word`, from bit `at`, as a pattern over two 16-bit values.
__device__ __forceinline__ std::uint32_t pair_pattern(std::uint32_t word, int at) {
  const std::uint32_t two = word >> at;
  return ((0u - (two & 1)) & 0xffffu) | ((0u - (two >> 1 & 1)) & 0xffff0000u);
}

/// One bit as a pattern over a word.
__device__ __forceinline__ std::uint32_t word_pattern(std::uint32_t word, int at) {
  return 0u - (word >> at & 1);
}

}  // namespace rondo::cuda
