#pragma once

// The words of CUDA C++ that kernels use, for a host compiler.

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "fibers.h"
#include "vector_types.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __grid_constant__
#ifndef __restrict__
#  define __restrict__ __restrict
#endif

#define threadIdx (::rondo::cuda::shim::current->thread)
#define blockIdx (::rondo::cuda::shim::current->block->index)
#define blockDim (::rondo::cuda::shim::block_size)
#define gridDim (::rondo::cuda::shim::grid_size)

inline void __syncthreads() {
  rondo::cuda::shim::meet(rondo::cuda::shim::current->block->meeting);
}

namespace rondo::cuda::shim {

inline void expect_all_lanes(unsigned mask) {
  if (mask != kAllLanes) abandon("warp operations are for all lanes here");
}

/// The value that lane `source` of this lane's segment shows; its own where there is no such lane.
template <class T>
T shuffle(unsigned mask, T value, int source) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kSlotBytes);
  expect_all_lanes(mask);
  const auto* set = exchange(&value, sizeof(T));
  if (source >= 0 && source < static_cast<int>(kWarp)) std::memcpy(&value, set[source], sizeof(T));
  return value;
}

inline int segment(int width) {
  return static_cast<int>(current->lane) / width * width;
}

}  // namespace rondo::cuda::shim

inline void __syncwarp(unsigned mask = rondo::cuda::kAllLanes) {
  rondo::cuda::shim::expect_all_lanes(mask);
  rondo::cuda::shim::meet(rondo::cuda::shim::current->warp->meeting);
}

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  return rondo::cuda::shim::shuffle(mask, value, rondo::cuda::shim::segment(width) + source % width);
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32) {
  const int source = static_cast<int>(rondo::cuda::shim::current->lane) ^ lanes;
  const bool inside = source < rondo::cuda::shim::segment(width) + width;
  return rondo::cuda::shim::shuffle(mask, value, inside ? source : -1);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  const int source = static_cast<int>(rondo::cuda::shim::current->lane + delta);
  const bool inside = source < rondo::cuda::shim::segment(width) + width;
  return rondo::cuda::shim::shuffle(mask, value, inside ? source : -1);
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  const int source = static_cast<int>(rondo::cuda::shim::current->lane) - static_cast<int>(delta);
  return rondo::cuda::shim::shuffle(mask, value, source >= rondo::cuda::shim::segment(width) ? source : -1);
}

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  rondo::cuda::shim::expect_all_lanes(mask);
  const unsigned live = rondo::cuda::shim::current->warp->meeting.live;
  const auto* set = rondo::cuda::shim::exchange(&predicate, sizeof(predicate));
  unsigned word = 0;
  for (unsigned lane = 0; lane < live; ++lane) {
    int theirs;
    std::memcpy(&theirs, set[lane], sizeof(theirs));
    word |= (theirs ? 1u : 0u) << lane;
  }
  return word;
}

inline int __any_sync(unsigned mask, int predicate) {
  return __ballot_sync(mask, predicate) != 0;
}

inline int __syncthreads_or(int predicate) {
  // Through a word of the block: cleared, set, read, with everybody between.
  int& word = rondo::cuda::shim::current->block->vote;
  if (threadIdx.x == 0 && threadIdx.y == 0 && threadIdx.z == 0) word = 0;
  __syncthreads();
  if (predicate) word = 1;
  __syncthreads();
  const int result = word;
  __syncthreads();
  return result;
}

inline unsigned __float_as_uint(float x) {
  return std::bit_cast<unsigned>(x);
}
inline float __uint_as_float(unsigned x) {
  return std::bit_cast<float>(x);
}
inline int __float_as_int(float x) {
  return std::bit_cast<int>(x);
}
inline float __int_as_float(int x) {
  return std::bit_cast<float>(x);
}
inline int __popc(unsigned x) {
  return std::popcount(x);
}
inline int __clz(int x) {
  return std::countl_zero(static_cast<unsigned>(x));
}
inline int __ffs(int x) {
  return x ? std::countr_zero(static_cast<unsigned>(x)) + 1 : 0;
}
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>((static_cast<std::uint64_t>(a) * b) >> 32);
}
inline float __fmaf_rn(float a, float b, float c) {
  return std::fma(a, b, c);
}
inline float __fadd_rn(float a, float b) {
  return a + b;
}
inline float __fmul_rn(float a, float b) {
  return a * b;
}
inline float __fdiv_rn(float a, float b) {
  return a / b;
}
inline float __fsqrt_rn(float a) {
  return std::sqrt(a);
}
inline double __dadd_rn(double a, double b) {
  return a + b;
}
inline double __dmul_rn(double a, double b) {
  return a * b;
}
inline float rsqrtf(float a) {
  return 1.0f / std::sqrt(a);
}
inline float __expf(float a) {
  return std::exp(a);
}
inline float __logf(float a) {
  return std::log(a);
}
inline float __fdividef(float a, float b) {
  return a / b;
}
template <class T>
T __ldg(const T* p) {
  return *p;
}
template <class T>
T __ldcg(const T* p) {
  return *p;
}
template <class T>
T __ldcs(const T* p) {
  return *p;
}
template <class T>
void __stcs(T* p, T value) {
  *p = value;
}
template <class T>
void __stcg(T* p, T value) {
  *p = value;
}
inline void __threadfence() {}
inline void __nanosleep(unsigned) {
  rondo::cuda::shim::yield();
}
[[noreturn]] inline void __trap() {
  rondo::cuda::shim::abandon("__trap");
}

template <class T>
constexpr T min(T a, T b) {
  return b < a ? b : a;
}
template <class T>
constexpr T max(T a, T b) {
  return a < b ? b : a;
}
