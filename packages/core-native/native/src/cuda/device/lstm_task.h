#pragma once

// What the LSTM's kernels know of their layer; the same for all steps.

#include <cstdint>

#include "bfloat16.h"
#include "platform.h"

namespace rondo::cuda {

/// Values in memory: float, or Bf16.
__device__ __forceinline__ float read_value(const float* p) {
  return *p;
}
__device__ __forceinline__ float read_value(const Bf16* p) {
  return from_bf16(*p);
}
__device__ __forceinline__ void write_value(float* p, float x) {
  *p = x;
}
__device__ __forceinline__ void write_value(Bf16* p, float x) {
  *p = to_bf16(x);
}

/// Column of gate g of unit u; see lstm_layout.h.
__host__ __device__ constexpr int gate_column(int unit, int gate) {
  return unit / 8 * 32 + gate * 8 + unit % 8;
}

template <class T>
struct LstmTask {
  int time = 0, batch = 0, units = 0;
  bool reverse = false, hard = false;
  int mask_count = 0;
  int columns = 0, bit_words = 0;
  const std::uint32_t* bits = nullptr;  ///< [mask_count][B][bit_words]
  const float* scale = nullptr;         ///< of what the bits keep; null without masks
  const std::int32_t* lengths = nullptr;
  const std::uint8_t* resets = nullptr;
  const T* r = nullptr;  ///< [H][columns]
  T* z = nullptr;        ///< [N][columns]

  // Forward.
  const float* bias = nullptr;  ///< [4H]
  float* h = nullptr;           ///< [T+1][B][H]
  float* c = nullptr;
  T* operand = nullptr;  ///< h as products read it: [T+1][B][operand_stride]; with floats, h itself
  int operand_stride = 0;

  // Backward.
  const float* states = nullptr;  ///< c, [T+1][B][H]
  const float* dy = nullptr;
  std::int64_t dy_stride = 0;
  bool last_only = false;
  float* dh = nullptr;  ///< [B][H], kept through frozen steps
  float* dc = nullptr;

  __device__ int time_of(int step) const { return reverse ? time - 1 - step : step; }
  __device__ std::int64_t slot_before(int t) const { return reverse ? t + 1 : t; }
  __device__ std::int64_t slot_after(int t) const { return reverse ? t : t + 1; }
  __device__ bool frozen(int t, int b) const { return lengths && t >= lengths[b]; }
  /// The state before step t counts as zero.
  __device__ bool cut(int t, int b) const {
    const int border = reverse ? t + 1 : t;
    return resets && border < time && resets[static_cast<std::int64_t>(border) * batch + b];
  }
  __device__ const std::uint32_t* bits_of(int gate, int b) const {
    return bits + (static_cast<std::int64_t>(mask_count == 4 ? gate : 0) * batch + b) * bit_words;
  }
  __device__ float scale_value() const { return mask_count ? *scale : 1.0f; }
  /// 1 or 0: whether gate g's mask keeps unit u of row b.
  __device__ float kept(int gate, int b, int u) const {
    return mask_count == 0 || (bits_of(gate, b)[u / 32] >> (u % 32) & 1) ? 1.0f : 0.0f;
  }
  /// The outside's share of dh; null: none.
  __device__ const float* upstream(int step, int b) const {
    if (!last_only) return dy + (static_cast<std::int64_t>(time_of(step)) * batch + b) * dy_stride;
    return step == time - 1 ? dy + b * dy_stride : nullptr;
  }
};

}  // namespace rondo::cuda
