#pragma once

// Rᵀ of one member in the registers of its warps, the other way round than in resident_weights.h: the member's own dz
// (16 rows × 4 gates × 32 units) times what its units weigh in the dh of all units. Warp w makes the sums of members
// w · kHalves and the next, if there are two.

#include <cstdint>

#include "platform.h"
#include "tensor_core.h"

namespace rondo::cuda {

/// Members per warp for groups of 1 … 16 members.
__host__ __device__ constexpr int scatter_halves(int members) {
  return members <= 8 ? 1 : 2;
}
/// Words of one member: [8 warps][kHalves][4 gates][2 steps of k][4 blocks of 8 columns][32 lanes][2].
__host__ __device__ constexpr int scatter_words(int halves) {
  return 8 * halves * 4 * 2 * 4 * 32 * 2;
}

template <int kHalves>
class ScatterWeights {
 public:
  __device__ void load(const std::uint32_t* fragments) {
    const uint2* mine =
        reinterpret_cast<const uint2*>(fragments) + threadIdx.x / 32 * kHalves * 4 * 2 * 4 * 32 + threadIdx.x % 32;
#pragma unroll
    for (int i = 0; i < kHalves * 4 * 2 * 4; ++i) b_[i] = mine[i * 32];
  }

  /// sums[block of 8 units] += dz of one gate times its weights; row(k): this lane's address for ldmatrix at k.
  template <class Row>
  __device__ void multiply(float (&sums)[4][4], int half, int gate, Row row) const {
#pragma unroll
    for (int s = 0; s < 2; ++s) {
      std::uint32_t a[4];
      load_matrices(a, row(s * 16));
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const uint2 b = b_[((half * 4 + gate) * 2 + s) * 4 + j];
        mma_bf16(sums[j], a, b.x, b.y);
      }
    }
  }

 private:
  uint2 b_[kHalves * 4 * 2 * 4];
};

}  // namespace rondo::cuda
