#pragma once

// Tiles of a stored matrix in shared memory. A tile has kRows rows of the storage, kColumns columns, and padding that
// keeps a warp's reads on different banks.

#include <cstdint>

#include "async_copy.h"
#include "bfloat16.h"
#include "cuda/product.h"
#include "platform.h"

namespace rondo::cuda {

/// Where a tile starts in its matrix and where the matrix ends.
struct TilePlace {
  int row = 0, row_end = 0;
  int column = 0, column_end = 0;
};

template <class T, int kRows, int kColumns>
struct Tile {
  static constexpr int kChunk = 16 / static_cast<int>(sizeof(T));  // elements of one copy
  // Rows along k are read by 8 rows × 4 words, rows across k by 4 rows × 8 words: 20 and 8 words' offset (modulo 32)
  // put them on 32 banks.
  static constexpr int kPad = kColumns >= 64 ? 8 : kChunk;
  static constexpr int kStride = kColumns + kPad;
  static constexpr int kSize = kRows * kStride;
  static constexpr int kRowChunks = kColumns / kChunk;
  static constexpr int kChunks = kRows * kRowChunks;

  __device__ static const T* address(const Operand& o, const T* base, int row, int column) {
    return base + row * o.stride + static_cast<std::int64_t>(column / 8) * o.block_step + column % 8;
  }

  /// Starts copying; rows for which keep(row) is false, and what lies outside, become zero. Bf16 storage is padded to
  /// whole chunks and aligned; floats may lie anywhere.
  template <int kThreads, class Keep>
  __device__ static void load(T* tile, const Operand& o, const T* base, bool aligned, const TilePlace& place,
                              Keep keep) {
    for (int i = static_cast<int>(threadIdx.x); i < kChunks; i += kThreads) {
      const int r = i / kRowChunks, c = i % kRowChunks * kChunk;
      const int row = place.row + r, column = place.column + c;
      const bool wanted = row < place.row_end && column < place.column_end && keep(row);
      T* target = tile + r * kStride + c;
      if (sizeof(T) == 2 || (aligned && column + kChunk <= place.column_end)) {
        copy_16(target, wanted ? address(o, base, row, column) : base, wanted);
        continue;
      }
      for (int e = 0; e < kChunk; ++e) {
        const bool inside = wanted && column + e < place.column_end;
        copy_4(target + e, inside ? address(o, base, row, column + e) : base, inside);
      }
    }
  }

  /// Zeroes what the bits do not keep, in the chunks that this thread has loaded itself.
  template <int kThreads>
  __device__ static void mask(T* tile, const std::uint32_t* bits, int bit_rows, int bit_words, const TilePlace& place) {
    for (int i = static_cast<int>(threadIdx.x); i < kChunks; i += kThreads) {
      const int r = i / kRowChunks, c = i % kRowChunks * kChunk;
      const int row = place.row + r, column = place.column + c;
      if (row >= place.row_end || column >= place.column_end) continue;
      const std::uint32_t word = bits[static_cast<std::int64_t>(row % bit_rows) * bit_words + column / 32];
      const std::uint32_t kept = word >> (column % 32);
      uint4& chunk = *reinterpret_cast<uint4*>(tile + r * kStride + c);
      if constexpr (sizeof(T) == 2) {
        chunk.x &= pair_mask(kept);
        chunk.y &= pair_mask(kept >> 2);
        chunk.z &= pair_mask(kept >> 4);
        chunk.w &= pair_mask(kept >> 6);
      } else {
        chunk.x &= 0u - (kept & 1);
        chunk.y &= 0u - (kept >> 1 & 1);
        chunk.z &= 0u - (kept >> 2 & 1);
        chunk.w &= 0u - (kept >> 3 & 1);
      }
    }
  }

  /// Two bits as a pattern over two 16-bit values.
  __device__ static std::uint32_t pair_mask(std::uint32_t bits) {
    return (0u - (bits & 1) & 0xffffu) | (0u - (bits >> 1 & 1) & 0xffff0000u);
  }
};

}  // namespace rondo::cuda
