#pragma once

// Vectors of floats, one width per instruction set. This folder is compiled once per instruction set with RONDO_ISA
// naming the namespace; nothing outside that namespace may be defined here (the linker would merge it across sets,
// and code for a newer CPU would run on an older one). For the same reason these files use no std containers.

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#  include <immintrin.h>
#elif defined(__aarch64__)
#  include <arm_neon.h>
#endif

namespace rondo::cpu::RONDO_ISA {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

using Vf = float __attribute__((vector_size(4 * kLanes)));
using Vi = std::int32_t __attribute__((vector_size(4 * kLanes)));

inline Vf splat(float x) {
  return x - Vf{};
}

inline Vf load(const float* p) {
  Vf v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}

inline void store(float* p, Vf v) {
  std::memcpy(p, &v, sizeof(v));
}

/// Makes the compiler load v into a register once, instead of naming its memory in every instruction that uses it.
inline void keep_in_register(Vf& v) {
#if defined(__AVX512F__)
  asm("" : "+v"(v));
#elif defined(__x86_64__)
  asm("" : "+x"(v));
#else
  asm("" : "+w"(v));
#endif
}

/// First n lanes, the others 0; n in 0 … kLanes.
inline Vf load(const float* p, int n) {
#if defined(__AVX512F__)
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1u), p);
#else
  if (n == kLanes) return load(p);
  Vf v{};
  std::memcpy(&v, p, sizeof(float) * static_cast<std::size_t>(n));
  return v;
#endif
}

inline void store(float* p, Vf v, int n) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1u), v);
#else
  if (n == kLanes) return store(p, v);
  std::memcpy(p, &v, sizeof(float) * static_cast<std::size_t>(n));
#endif
}

/// a · b + c; one rounding where the set has it, two on SSE2.
inline Vf fma(Vf a, Vf b, Vf c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__AVX2__)
  return _mm256_fmadd_ps(a, b, c);
#elif defined(__aarch64__)
  return vfmaq_f32(c, a, b);
#else
  return a * b + c;
#endif
}

inline Vf square_root(Vf x) {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_ps(0xFFFF, x);  // the unmasked form trips GCC's uninitialised warning
#elif defined(__AVX2__)
  return _mm256_sqrt_ps(x);
#elif defined(__aarch64__)
  return vsqrtq_f32(x);
#else
  return _mm_sqrt_ps(x);
#endif
}

inline Vf vmin(Vf a, Vf b) {
  return a < b ? a : b;
}
inline Vf vmax(Vf a, Vf b) {
  return a > b ? a : b;
}

template <class T>
constexpr T smaller(T a, T b) {
  return a < b ? a : b;
}
template <class T>
constexpr T larger(T a, T b) {
  return a > b ? a : b;
}
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}
constexpr std::int64_t round_up(std::int64_t a, std::int64_t b) {
  return ceil_div(a, b) * b;
}

}  // namespace rondo::cpu::RONDO_ISA
