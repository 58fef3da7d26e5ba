#pragma once

// bfloat16 by warpgroups: 128 × 128, two warpgroups of 64 × 128. See arithmetic.h for what a kernel expects of it.

#include "cuda/device/swizzle.h"
#include "cuda/device/tile.h"
#include "warpgroup.h"

namespace rondo::cuda {

template <bool kADeep, bool kBDeep>
struct WarpgroupArithmetic {
  using Element = Bf16;
  static constexpr int kRows = 128, kColumns = 128, kDepth = 64, kStages = 3, kThreads = 256;
  static constexpr int kBlocks = 2;  ///< per multiprocessor: one multiplies while the other waits
  static constexpr int kAlignment = kSwizzleAlignment;
  using TileA = Tile<Bf16, kADeep ? kRows : kDepth, kADeep ? kDepth : kRows, true>;
  using TileB = Tile<Bf16, kBDeep ? kColumns : kDepth, kBDeep ? kDepth : kColumns, true>;

  float sums[64] = {};

  __device__ static int warpgroup() { return static_cast<int>(threadIdx.x) / 128; }
  /// Behind this thread's stores to the tiles, before the barrier.
  __device__ static void show() { show_to_warpgroups(); }

  __device__ void multiply(const Bf16* a, const Bf16* b) {
    constexpr std::uint32_t kPanel = kDepth * 128;           // of a tile with k down its columns, in bytes
    const Bf16* own = a + warpgroup() * 64 * kPanelColumns;  // the next 64 rows, or the next panel
    begin_products();
#pragma unroll
    for (int k = 0; k < kDepth; k += 16) {
      multiply_64x128x16<kADeep, kBDeep>(sums, describe_operand(own + (kADeep ? k : k * kPanelColumns), kPanel),
                                         describe_operand(b + (kBDeep ? k : k * kPanelColumns), kPanel));
    }
    end_products(sums);
  }

  /// f(row of the tile, column of the tile, value there, value of the next column).
  template <class F>
  __device__ void for_pairs(F f) const {
    const int lane = static_cast<int>(threadIdx.x) % 32, row = static_cast<int>(threadIdx.x) / 32 * 16 + lane / 4;
#pragma unroll
    for (int j = 0; j < 16; ++j) {
      const int column = j * 8 + lane % 4 * 2;
      f(row, column, sums[4 * j], sums[4 * j + 1]);
      f(row + 8, column, sums[4 * j + 2], sums[4 * j + 3]);
    }
  }
};

}  // namespace rondo::cuda
