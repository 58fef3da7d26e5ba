#pragma once

// The recurrent weights of one member of a group, in the registers of its warps: warp w has gate w % 4 and half w / 4
// of the sum, for the member's 32 units. kSteps steps of 16 along k per warp.

#include <cstdint>

#include "cuda/device/mask_fragments.h"
#include "platform.h"
#include "tensor_core.h"

namespace rondo::cuda {

template <int kSteps>
class ResidentWeights {
 public:
  /// `fragments`: [8 warps][kSteps][4][32 lanes][2], of this member; see LstmPacked.
  __device__ void load(const std::uint32_t* fragments) {
    const uint2* mine =
        reinterpret_cast<const uint2*>(fragments) + threadIdx.x / 32 * kSteps * 4 * 32 + threadIdx.x % 32;
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
#pragma unroll
      for (int j = 0; j < 4; ++j) b_[s][j] = mine[(s * 4 + j) * 32];
    }
  }

  /// sums[block of 8 units] = A times the weights. a_row(k): this lane's address for ldmatrix of A's 16 × 16 at k (rows
  /// lane % 16, columns k + lane / 16 · 8). `mask`: this lane's words, or null.
  template <class Row>
  __device__ void multiply(float (&sums)[4][4], Row a_row, const std::uint32_t* mask) const {
    const int first = static_cast<int>(threadIdx.x) / 128 * kSteps;
    std::uint32_t word = 0;
#pragma unroll
    for (int s = 0; s < kSteps; ++s) {
      std::uint32_t a[4];
      load_matrices(a, a_row((first + s) * 16));
      if (mask) {
        if (s % 4 == 0) word = mask[s / 4];
        mask_fragment(a, word, s);
      }
#pragma unroll
      for (int j = 0; j < 4; ++j) mma_bf16(sums[j], a, b_[s][j].x, b_[s][j].y);
    }
  }

 private:
  uint2 b_[kSteps][4];
};

}  // namespace rondo::cuda
