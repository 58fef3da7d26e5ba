#pragma once

// Sums of one step's tile: 32 rows × 16 units, a warp for each gate, each lane 16 of its gate's sums. Forward: the
// gate's masked h times R; backward: the gate's dz times Rᵀ.

#include <cstdint>

#include "cuda/device/lstm_task.h"
#include "cuda/device/tile.h"
#include "tensor_core.h"

namespace rondo::cuda {

constexpr int kStepRows = 32, kStepUnits = 16, kStepThreads = 128;

/// The four words of mask bits that a lane needs for one word of 32 units; all ones without masks.
struct RowBits {
  std::uint32_t word[4] = {~0u, ~0u, ~0u, ~0u};
};

/// kForward: A is h, [rows][kDepth], B is [kDepth][64] of R. Else A is dz, [rows][4 kDepth], B is R's rows of the 16
/// units, [16][4 kDepth]; both in blocks of 8 units by gate.
template <Arithmetic kArithmetic, bool kForward>
struct StepArithmetic;

/// Common to both tensor-core forms: where a lane's sums are.
struct FragmentPlaces {
  /// f(row of the tile, unit of the tile, sum).
  template <class F>
  __device__ static void for_each(const float (&sums)[2][2][4], F f) {
    const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll
    for (int i = 0; i < 2; ++i) {
#pragma unroll
      for (int j = 0; j < 2; ++j) {
#pragma unroll
        for (int e = 0; e < 4; ++e) f(i * 16 + e / 2 * 8 + lane / 4, j * 8 + lane % 4 * 2 + e % 2, sums[i][j][e]);
      }
    }
  }
  /// Rows that word i of RowBits belongs to.
  __device__ static int bit_row(int i) {
    return static_cast<int>(threadIdx.x) % 32 / 4 + i * 8;
  }
};

template <bool kForward>
struct StepArithmetic<Arithmetic::bf16, kForward> : FragmentPlaces {
  using Element = Bf16;
  static constexpr int kDepth = 32, kStages = 4;
  using TileA = Tile<Bf16, kStepRows, kForward ? kDepth : 4 * kDepth>;
  using TileB = Tile<Bf16, kForward ? kDepth : kStepUnits, kForward ? 64 : 4 * kDepth>;

  float sums[2][2][4] = {};

  __device__ void multiply(const Bf16* a, const Bf16* b, int gate, const RowBits& bits) {
    const int lane = static_cast<int>(threadIdx.x) % 32, matrix = lane / 8, row = lane % 8;
#pragma unroll
    for (int k = 0; k < kDepth; k += 16) {
      std::uint32_t right[4];
      if constexpr (kForward) {
        const int depth = k + matrix % 2 * 8;
        load_matrices_transposed(right, b + (depth + row) * TileB::kStride + gate_column(matrix / 2 * 8, gate));
      } else {
        load_matrices(right, b + (matrix / 2 * 8 + row) * TileB::kStride + gate_column(k + matrix % 2 * 8, gate));
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const int depth = k + matrix / 2 * 8, m = i * 16 + matrix % 2 * 8 + row;
        std::uint32_t left[4];
        load_matrices(left, a + m * TileA::kStride + (kForward ? depth : gate_column(depth, gate)));
        if constexpr (kForward) {
          const int at = k + lane % 4 * 2;
          left[0] &= pair_pattern(bits.word[2 * i], at);
          left[1] &= pair_pattern(bits.word[2 * i + 1], at);
          left[2] &= pair_pattern(bits.word[2 * i], at + 8);
          left[3] &= pair_pattern(bits.word[2 * i + 1], at + 8);
        }
        mma_bf16(sums[i][0], left, right[0], right[1]);
        mma_bf16(sums[i][1], left, right[2], right[3]);
      }
    }
  }

  template <class F>
  __device__ void for_sums(F f) const {
    for_each(sums, f);
  }
};

template <bool kForward>
struct StepArithmetic<Arithmetic::tf32, kForward> : FragmentPlaces {
  using Element = float;
  static constexpr int kDepth = kForward ? 32 : 16, kStages = 3;
  using TileA = Tile<float, kStepRows, kForward ? kDepth : 4 * kDepth>;
  using TileB = Tile<float, kForward ? kDepth : kStepUnits, kForward ? 64 : 4 * kDepth>;

  float sums[2][2][4] = {};

  __device__ static float left_of(const float* a, int m, int k, int gate) {
    return a[m * TileA::kStride + (kForward ? k : gate_column(k, gate))];
  }
  __device__ static float right_of(const float* b, int k, int u, int gate) {
    return kForward ? b[k * TileB::kStride + gate_column(u, gate)] : b[u * TileB::kStride + gate_column(k, gate)];
  }

  __device__ void multiply(const float* a, const float* b, int gate, const RowBits& bits) {
    const int lane = static_cast<int>(threadIdx.x) % 32, q = lane / 4, p = lane % 4;
    for (int k = 0; k < kDepth; k += 8) {
      std::uint32_t right[2][2];
#pragma unroll
      for (int j = 0; j < 2; ++j) {
        right[j][0] = to_tf32(right_of(b, k + p, j * 8 + q, gate));
        right[j][1] = to_tf32(right_of(b, k + p + 4, j * 8 + q, gate));
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const int m = i * 16 + q;
        std::uint32_t left[4] = {to_tf32(left_of(a, m, k + p, gate)), to_tf32(left_of(a, m + 8, k + p, gate)),
                                 to_tf32(left_of(a, m, k + p + 4, gate)), to_tf32(left_of(a, m + 8, k + p + 4, gate))};
        if constexpr (kForward) {
          left[0] &= word_pattern(bits.word[2 * i], k + p);
          left[1] &= word_pattern(bits.word[2 * i + 1], k + p);
          left[2] &= word_pattern(bits.word[2 * i], k + p + 4);
          left[3] &= word_pattern(bits.word[2 * i + 1], k + p + 4);
        }
#pragma unroll
        for (int j = 0; j < 2; ++j) mma_tf32(sums[i][j], left, right[j][0], right[j][1]);
      }
    }
  }

  template <class F>
  __device__ void for_sums(F f) const {
    for_each(sums, f);
  }
};

template <bool kForward>
struct StepArithmetic<Arithmetic::fp32, kForward> {
  using Element = float;
  static constexpr int kDepth = kForward ? 32 : 16, kStages = 3;
  using TileA = Tile<float, kStepRows, kForward ? kDepth : 4 * kDepth>;
  using TileB = Tile<float, kForward ? kDepth : kStepUnits, kForward ? 64 : 4 * kDepth>;

  float sums[4][4] = {};

  __device__ static int bit_row(int i) { return static_cast<int>(threadIdx.x) % 32 / 4 + i * 8; }

  __device__ void multiply(const float* a, const float* b, int gate, const RowBits& bits) {
    const int unit = static_cast<int>(threadIdx.x) % 4 * 4;
    for (int k = 0; k < kDepth; ++k) {
      float right[4];
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        right[j] = kForward ? b[k * TileB::kStride + gate_column(unit + j, gate)]
                            : b[(unit + j) * TileB::kStride + gate_column(k, gate)];
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        float left = a[bit_row(i) * TileA::kStride + (kForward ? k : gate_column(k, gate))];
        if constexpr (kForward) left = __uint_as_float(__float_as_uint(left) & word_pattern(bits.word[i], k));
#pragma unroll
        for (int j = 0; j < 4; ++j) sums[i][j] = fmaf(left, right[j], sums[i][j]);
      }
    }
  }

  template <class F>
  __device__ void for_sums(F f) const {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
#pragma unroll
      for (int j = 0; j < 4; ++j) f(bit_row(i), static_cast<int>(threadIdx.x) % 4 * 4 + j, sums[i][j]);
    }
  }
};

}  // namespace rondo::cuda
