#pragma once

// Tiles of a stored matrix in shared memory. A tile has kRows rows of the storage, kColumns columns, and padding that
// keeps a warp's reads on different banks.

#include <cstdint>

#include "async_copy.h"
#include "bfloat16.h"
#include "cuda/device/bits.h"
#include "cuda/device/swizzle.h"
#include "cuda/product.h"
#include "platform.h"

namespace rondo::cuda {

/// Where a tile starts in its matrix and where the matrix ends.
struct TilePlace {
  int row = 0, row_end = 0;
  int column = 0, column_end = 0;
};

/// Swizzled tiles (bf16 alone) are for warpgroups: swizzle.h.
template <class T, int kRows, int kColumns, bool kSwizzled = false>
struct Tile {
  static constexpr int kChunk = 16 / static_cast<int>(sizeof(T));  // elements of one copy
  // Rows along k are read by 8 rows × 4 words, rows across k by 4 rows × 8 words: 20 and 8 words' offset (modulo 32)
  // put them on 32 banks.
  static constexpr int kPad = kColumns >= 64 ? 8 : kChunk;
  static constexpr int kStride = kSwizzled ? kColumns : kColumns + kPad;
  static constexpr int kSize = kRows * kStride;
  static constexpr int kRowChunks = kColumns / kChunk;
  static constexpr int kChunks = kRows * kRowChunks;

  /// Where element (row, column) lies; column begins a chunk.
  __device__ static int at(int row, int column) {
    if constexpr (kSwizzled) return swizzled_place(kRows, row, column);
    return row * kStride + column;
  }

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
      T* target = tile + at(r, c);
      if constexpr (sizeof(T) == 2) {
        copy_16(target, wanted ? address(o, base, row, column) : base, wanted);
      } else {
        load_floats(target, o, base, row, column, wanted, aligned && column + kChunk <= place.column_end,
                    place.column_end);
      }
    }
  }

  __device__ static void load_floats(float* target, const Operand& o, const float* base, int row, int column,
                                     bool wanted, bool whole, int column_end) {
    if (whole) return copy_16(target, wanted ? address(o, base, row, column) : base, wanted);
    for (int e = 0; e < kChunk; ++e) {
      const bool inside = wanted && column + e < column_end;
      copy_4(target + e, inside ? address(o, base, row, column + e) : base, inside);
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
      uint4& chunk = *reinterpret_cast<uint4*>(tile + at(r, c));
      if constexpr (sizeof(T) == 2) {
        chunk.x &= pair_pattern(kept, 0);
        chunk.y &= pair_pattern(kept, 2);
        chunk.z &= pair_pattern(kept, 4);
        chunk.w &= pair_pattern(kept, 6);
      } else {
        chunk.x &= word_pattern(kept, 0);
        chunk.y &= word_pattern(kept, 1);
        chunk.z &= word_pattern(kept, 2);
        chunk.w &= word_pattern(kept, 3);
      }
    }
  }
};

}  // namespace rondo::cuda
