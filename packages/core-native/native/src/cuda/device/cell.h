#pragma once

// The LSTM cell's arithmetic, for host and device: equations 2–10 of docs/lstm.md. `kQuick` takes the device's own
// approximations (relative error about 2^-11), which bfloat16 cannot tell from better ones.

#include "fast_math.h"
#include "platform.h"
#include "rondo/network_spec.h"

namespace rondo::cuda {

/// Rational minimax form, degree 13 over 6, on |x| ≤ 7.9053 (beyond, float tanh is 1). Max error 2.7e-7. NaN stays NaN.
__host__ __device__ inline float exact_tanh(float x) {
  constexpr float kBound = 7.90531110763549805f;
  float y = x > kBound ? kBound : x;
  y = y < -kBound ? -kBound : y;
  const float s = y * y;
  float p = fmaf(s, -2.76076847742355e-16f, 2.00018790482477e-13f);
  p = fmaf(s, p, -8.60467152213735e-11f);
  p = fmaf(s, p, 5.12229709037114e-08f);
  p = fmaf(s, p, 1.48572235717979e-05f);
  p = fmaf(s, p, 6.37261928875436e-04f);
  p = fmaf(s, p, 4.89352455891786e-03f);
  float q = fmaf(s, 1.19825839466702e-06f, 1.18534705686654e-04f);
  q = fmaf(s, q, 2.26843463243900e-03f);
  q = fmaf(s, q, 4.89352518554385e-03f);
  return y * p / q;
}

template <bool kQuick>
__device__ __forceinline__ float cell_tanh(float x) {
  if constexpr (kQuick) return quick_tanh(x);
  return exact_tanh(x);
}

template <bool kQuick>
__device__ __forceinline__ float gate_value(float z, bool hard) {
  if (hard) return fminf(fmaxf(fmaf(0.2f, z, 0.5f), 0.0f), 1.0f);
  return fmaf(0.5f, cell_tanh<kQuick>(0.5f * z), 0.5f);
}

/// a' in terms of a.
__device__ __forceinline__ float gate_slope(float a, bool hard) {
  if (hard) return a > 0.0f && a < 1.0f ? 0.2f : 0.0f;
  return a * (1.0f - a);
}

struct CellGates {
  float i, f, g, o;
};

struct CellState {
  float c, h;
};

/// z → activated gates.
template <bool kQuick>
__device__ __forceinline__ CellGates activate(const float (&z)[4], bool hard) {
  return {gate_value<kQuick>(z[0], hard), gate_value<kQuick>(z[1], hard), cell_tanh<kQuick>(z[2]),
          gate_value<kQuick>(z[3], hard)};
}

template <bool kQuick>
__device__ __forceinline__ CellState advance(const CellGates& a, float c_before) {
  const float c = fmaf(a.f, c_before, a.i * a.g);
  return {c, a.o * cell_tanh<kQuick>(c)};
}

struct CellGradient {
  float z[4];
  float dc;  ///< for the step before
};

/// dz and dc from dh (all of it) and dc of this step; `c_before` is 0 behind a border.
template <bool kQuick>
__device__ __forceinline__ CellGradient differentiate(const CellGates& a, float c, float c_before, float dh, float dc,
                                                      bool hard) {
  const float squashed = cell_tanh<kQuick>(c);
  const float total = fmaf(dh * a.o, 1.0f - squashed * squashed, dc);
  return {{total * a.g * gate_slope(a.i, hard), total * c_before * gate_slope(a.f, hard),
           total * a.i * (1.0f - a.g * a.g), dh * squashed * gate_slope(a.o, hard)},
          total * a.f};
}

}  // namespace rondo::cuda
