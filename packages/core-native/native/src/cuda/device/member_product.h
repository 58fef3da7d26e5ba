#pragma once

// A member's product of one step: its warps multiply a tile of 16 rows with the weights in their registers, and leave
// their sums in shared memory, where each cell finds the two halves of its gates.

#include "cuda/device/persistent_task.h"
#include "cuda/device/resident_weights.h"

namespace rondo::cuda {

template <int kSteps>
class MemberProduct {
 public:
  static constexpr int kStride = 40;  // 8 rows × 4 pairs of a half-warp's stores: different banks
  static constexpr int kBytes = 8 * kTileRows * kStride * 4;

  /// `fragments`: of all members; `sums`: kBytes of shared memory.
  __device__ MemberProduct(const std::uint32_t* fragments, int member, float* sums)
      : sums_(sums), lane_(static_cast<int>(threadIdx.x) % 32), warp_(static_cast<int>(threadIdx.x) / 32) {
    weights_.load(fragments + static_cast<std::int64_t>(member) * 8 * kSteps * 4 * 32 * 2);
  }

  /// row(r, k): where row r of the operand has its element k, a multiple of 8. With the whole block; the sums are there
  /// for everybody behind it. Nobody may read older sums any more.
  template <class Row>
  __device__ void multiply(Row row, const std::uint32_t* masks) {
    float tile[4][4] = {};
    weights_.multiply(
        tile, [&](int k) { return row(lane_ % 16, k + lane_ / 16 * 8); }, masks);
    float* out = sums(warp_) + lane_ / 4 * kStride + lane_ % 4 * 2;
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      *reinterpret_cast<float2*>(out + j * 8) = {tile[j][0], tile[j][1]};
      *reinterpret_cast<float2*>(out + 8 * kStride + j * 8) = {tile[j][2], tile[j][3]};
    }
    __syncthreads();
  }

  /// A pair's sum for a gate: both halves of k, in their order.
  __device__ float2 sum_of(int gate, int row, int unit) const {
    const float2 a = *reinterpret_cast<const float2*>(sums(gate) + row * kStride + unit);
    const float2 b = *reinterpret_cast<const float2*>(sums(gate + 4) + row * kStride + unit);
    return {a.x + b.x, a.y + b.y};
  }

 private:
  __device__ float* sums(int warp) const {
    return sums_ + warp * kTileRows * kStride;
  }

  float* sums_;
  const int lane_, warp_;
  ResidentWeights<kSteps> weights_;
};

}  // namespace rondo::cuda
