#pragma once

// Tiles of bf16 as warpgroups read them: panels of 64 columns, rows of 128 bytes, and in row r the chunk of 16 bytes
// number c at place c ^ (r % 8), so that eight rows' chunks of one column lie on different banks. A panel starts on
// 1024 bytes. The same storage serves both orientations; the description and one bit of the instruction differ.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

constexpr int kPanelColumns = 64, kSwizzleAlignment = 1024;

/// Element of a tile of `rows` rows; column is a multiple of 8.
__host__ __device__ constexpr int swizzled_place(int rows, int row, int column) {
  const int chunk = column % kPanelColumns / 8;
  return (column / kPanelColumns * rows + row) * kPanelColumns + (chunk ^ row % 8) * 8;
}

/// The launch's shared memory from its first multiple of `alignment` on.
template <class T>
__device__ __forceinline__ T* aligned_shared(std::uint32_t alignment) {
  char* base = dynamic_shared<char>();
  return reinterpret_cast<T*>(base + (0u - shared_word(base)) % alignment);
}

/// The description of an operand that starts at `tile`, in units of 16 bytes: bits 0–13 the address, 16–29 the bytes to
/// the next 64 rows (or columns) of an operand with k down the storage's columns, 32–45 the bytes to the next 8 rows of
/// the storage, 62–63 the swizzle of 128 bytes. A step of 16 along k moves the address: by 32 bytes along the rows
/// (the swizzle acts on the sum), or by 16 rows.
__device__ __forceinline__ std::uint64_t describe_operand(const void* tile, std::uint32_t panel_bytes) {
  constexpr std::uint64_t kEightRows = 8 * 128, kSwizzle128 = 1;
  return (shared_word(tile) & 0x3ffffu) >> 4 | static_cast<std::uint64_t>(panel_bytes >> 4) << 16 |
         (kEightRows >> 4) << 32 | kSwizzle128 << 62;
}

}  // namespace rondo::cuda
