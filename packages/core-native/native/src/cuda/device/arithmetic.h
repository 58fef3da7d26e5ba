#pragma once

// How one tile of A times one tile of B is added to the sums that a thread holds, for each precision. kADeep, kBDeep:
// the tile's rows run along k. Sums are handed out as pairs of neighbouring columns.

#include <cstdint>

#include "cuda/device/tile.h"
#include "tensor_core.h"

namespace rondo::cuda {

// kBlocks: of a kernel, side by side on a multiprocessor; it bounds the registers of a thread.

/// bfloat16 on tensor cores: 128 × 128, eight warps of 64 × 32.
template <bool kADeep, bool kBDeep>
struct Bf16Arithmetic {
  using Element = Bf16;
  static constexpr int kRows = 128, kColumns = 128, kDepth = 32, kStages = 4, kThreads = 256;
  static constexpr int kBlocks = 2, kAlignment = 128;
  using TileA = Tile<Bf16, kADeep ? kRows : kDepth, kADeep ? kDepth : kRows>;
  using TileB = Tile<Bf16, kBDeep ? kColumns : kDepth, kBDeep ? kDepth : kColumns>;

  float sums[4][4][4] = {};

  __device__ static void show() {}  // what threads have stored, others see behind the barrier
  __device__ static int warp_row() { return static_cast<int>(threadIdx.x) / 32 / 4 * 64; }
  __device__ static int warp_column() { return static_cast<int>(threadIdx.x) / 32 % 4 * 32; }

  __device__ void multiply(const Bf16* a, const Bf16* b) {
    const int lane = static_cast<int>(threadIdx.x) % 32, matrix = lane / 8, row = lane % 8;
    for (int k = 0; k < kDepth; k += 16) {
      std::uint32_t right[2][4];  // b0, b1 of two blocks of 8 columns
#pragma unroll
      for (int j = 0; j < 2; ++j) {
        const int n = warp_column() + j * 16 + matrix / 2 * 8, depth = k + matrix % 2 * 8;
        if constexpr (kBDeep) {
          load_matrices(right[j], b + (n + row) * TileB::kStride + depth);
        } else {
          load_matrices_transposed(right[j], b + (depth + row) * TileB::kStride + n);
        }
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int m = warp_row() + i * 16 + matrix % 2 * 8, depth = k + matrix / 2 * 8;
        std::uint32_t left[4];
        if constexpr (kADeep) {
          load_matrices(left, a + (m + row) * TileA::kStride + depth);
        } else {
          load_matrices_transposed(left, a + (depth + row) * TileA::kStride + m);
        }
#pragma unroll
        for (int j = 0; j < 4; ++j) mma_bf16(sums[i][j], left, right[j / 2][j % 2 * 2], right[j / 2][j % 2 * 2 + 1]);
      }
    }
  }

  /// f(row of the tile, column of the tile, value there, value of the next column).
  template <class F>
  __device__ void for_pairs(F f) const {
    const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const int row = warp_row() + i * 16 + lane / 4, column = warp_column() + j * 8 + lane % 4 * 2;
        f(row, column, sums[i][j][0], sums[i][j][1]);
        f(row + 8, column, sums[i][j][2], sums[i][j][3]);
      }
    }
  }
};

/// tf32 on tensor cores: 64 × 64, four warps of 32 × 32.
template <bool kADeep, bool kBDeep>
struct Tf32Arithmetic {
  using Element = float;
  static constexpr int kRows = 64, kColumns = 64, kDepth = 16, kStages = 3, kThreads = 128;
  static constexpr int kBlocks = 6, kAlignment = 128;
  using TileA = Tile<float, kADeep ? kRows : kDepth, kADeep ? kDepth : kRows>;
  using TileB = Tile<float, kBDeep ? kColumns : kDepth, kBDeep ? kDepth : kColumns>;

  float sums[2][4][4] = {};

  __device__ static void show() {}  // what threads have stored, others see behind the barrier
  __device__ static int warp_row() { return static_cast<int>(threadIdx.x) / 32 / 2 * 32; }
  __device__ static int warp_column() { return static_cast<int>(threadIdx.x) / 32 % 2 * 32; }

  __device__ static std::uint32_t left_of(const float* a, int m, int k) {
    return to_tf32(kADeep ? a[m * TileA::kStride + k] : a[k * TileA::kStride + m]);
  }
  __device__ static std::uint32_t right_of(const float* b, int k, int n) {
    return to_tf32(kBDeep ? b[n * TileB::kStride + k] : b[k * TileB::kStride + n]);
  }

  __device__ void multiply(const float* a, const float* b) {
    const int lane = static_cast<int>(threadIdx.x) % 32, q = lane / 4, p = lane % 4;
    for (int k = 0; k < kDepth; k += 8) {
      std::uint32_t right[4][2];
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        right[j][0] = right_of(b, k + p, warp_column() + j * 8 + q);
        right[j][1] = right_of(b, k + p + 4, warp_column() + j * 8 + q);
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const int m = warp_row() + i * 16 + q;
        const std::uint32_t left[4] = {left_of(a, m, k + p), left_of(a, m + 8, k + p), left_of(a, m, k + p + 4),
                                       left_of(a, m + 8, k + p + 4)};
#pragma unroll
        for (int j = 0; j < 4; ++j) mma_tf32(sums[i][j], left, right[j][0], right[j][1]);
      }
    }
  }

  template <class F>
  __device__ void for_pairs(F f) const {
    const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
    for (int i = 0; i < 2; ++i) {
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const int row = warp_row() + i * 16 + lane / 4, column = warp_column() + j * 8 + lane % 4 * 2;
        f(row, column, sums[i][j][0], sums[i][j][1]);
        f(row + 8, column, sums[i][j][2], sums[i][j][3]);
      }
    }
  }
};

/// Floats by fused multiply-adds in the order of k: 64 × 64, each of 128 threads 8 × 4.
template <bool kADeep, bool kBDeep>
struct Fp32Arithmetic {
  using Element = float;
  static constexpr int kRows = 64, kColumns = 64, kDepth = 16, kStages = 3, kThreads = 128;
  static constexpr int kBlocks = 5, kAlignment = 128;
  using TileA = Tile<float, kADeep ? kRows : kDepth, kADeep ? kDepth : kRows>;
  using TileB = Tile<float, kBDeep ? kColumns : kDepth, kBDeep ? kDepth : kColumns>;

  float sums[8][4] = {};

  __device__ static void show() {}
  __device__ static int row_of(int i) { return static_cast<int>(threadIdx.x) / 16 + i * 8; }
  __device__ static int column_of(int j) { return static_cast<int>(threadIdx.x) % 16 * 2 + j / 2 * 32 + j % 2; }

  __device__ void multiply(const float* a, const float* b) {
    for (int k = 0; k < kDepth; ++k) {
      float left[8], right[4];
#pragma unroll
      for (int i = 0; i < 8; ++i)
        left[i] = kADeep ? a[row_of(i) * TileA::kStride + k] : a[k * TileA::kStride + row_of(i)];
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        right[j] = kBDeep ? b[column_of(j) * TileB::kStride + k] : b[k * TileB::kStride + column_of(j)];
      }
#pragma unroll
      for (int i = 0; i < 8; ++i) {
#pragma unroll
        for (int j = 0; j < 4; ++j) sums[i][j] = fmaf(left[i], right[j], sums[i][j]);
      }
    }
  }

  template <class F>
  __device__ void for_pairs(F f) const {
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      f(row_of(i), column_of(0), sums[i][0], sums[i][1]);
      f(row_of(i), column_of(2), sums[i][2], sums[i][3]);
    }
  }
};

}  // namespace rondo::cuda
