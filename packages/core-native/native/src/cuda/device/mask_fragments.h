#pragma once

// A warp's share of a dropout mask, ordered so that two instructions turn bits into patterns for a fragment of A. A
// lane keeps 8 bits for each step of 16 along k: for register r of the fragment (row q + 8 (r % 2), k + 8 (r / 2) + 2p)
// the bits of its two values. Four steps share a word; pattern 4 · step + r is in bytes 2 (r % 2) and the next, at the
// bit that a shift by (4 · step + r) / 2 moves to the bytes' signs.

#include <cstdint>

#include "platform.h"
#include "tensor_core.h"

namespace rondo::cuda {

/// Words of a lane for `steps` steps.
__host__ __device__ constexpr int mask_fragment_words(int steps) {
  return (steps + 3) / 4;
}

/// Where the bit of element e of register r at step s goes: bit of its word.
__host__ __device__ constexpr int mask_fragment_bit(int step, int r, int e) {
  const int pattern = step % 4 * 4 + r;
  return (pattern % 2 * 2 + e) * 8 + 7 - pattern / 2;
}

/// Clears in A's fragment of step `step` what the mask drops; `word` is the lane's word for it.
__device__ __forceinline__ void mask_fragment(std::uint32_t (&a)[4], std::uint32_t word, int step) {
  const std::uint32_t first = word << (step % 4 * 2), second = first << 1;
  a[0] &= low_sign_pattern(first);
  a[1] &= high_sign_pattern(first);
  a[2] &= low_sign_pattern(second);
  a[3] &= high_sign_pattern(second);
}

}  // namespace rondo::cuda
