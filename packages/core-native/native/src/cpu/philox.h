#pragma once

// Philox4x32-10 (rondo/rng.h) on vectors: consecutive blocks of one address, the same words.

#include "cpu/simd.h"
#include "rondo/rng.h"

namespace rondo::cpu::RONDO_ISA {

/// One word of a counter per 64-bit lane, in its low half; what the high half holds does not matter.
constexpr int kPhiloxBlocks = kLanes / 2;
using Vw = std::uint64_t __attribute__((vector_size(8 * kPhiloxBlocks)));

/// Low halves times a constant: whole products.
inline Vw multiply_low(Vw x, std::uint32_t factor) {
#if defined(__AVX512F__)
  return reinterpret_cast<Vw>(_mm512_maskz_mul_epu32(0xFF, reinterpret_cast<__m512i>(x), _mm512_set1_epi64(factor)));
#elif defined(__AVX2__)
  return reinterpret_cast<Vw>(_mm256_mul_epu32(reinterpret_cast<__m256i>(x), _mm256_set1_epi64x(factor)));
#elif defined(__x86_64__)
  return reinterpret_cast<Vw>(_mm_mul_epu32(reinterpret_cast<__m128i>(x), _mm_set1_epi64x(factor)));
#else
  return (x & 0xFFFFFFFFull) * factor;
#endif
}

/// Words 0 … 3 of kPhiloxBlocks consecutive blocks.
struct PhiloxWords {
  Vw word[4];
};

/// Those of blocks first, first + 1, … of an address.
inline PhiloxWords random_blocks(std::uint64_t seed, const RandomAddress& address, std::uint32_t first) {
  const PhiloxCounter start = random_counter(address, first);
  Vw a = Vw{} + start[0], b = Vw{} + start[1], c = Vw{} + start[2], d = Vw{} + start[3];
  for (int i = 0; i < kPhiloxBlocks; ++i) a[i] += static_cast<std::uint64_t>(i);
  std::uint32_t key0 = philox_key(seed)[0], key1 = philox_key(seed)[1];
  for (int round = 0; round < 10; ++round) {
    const Vw left = multiply_low(a, kPhiloxFactor0), right = multiply_low(c, kPhiloxFactor1);
    a = (right >> 32) ^ b ^ key0;
    b = right;
    c = (left >> 32) ^ d ^ key1;
    d = left;
    key0 += kPhiloxKeyStep0;
    key1 += kPhiloxKeyStep1;
  }
  return {{a, b, c, d}};
}

}  // namespace rondo::cpu::RONDO_ISA
