#pragma once

// The warp's matrix operations, element by element. See the native header for who holds what.

#include <cstdint>

#include "bfloat16.h"
#include "platform.h"

namespace rondo::cuda {
namespace shim {

struct Operands {
  std::uint32_t a[4], b[2];
};

inline Operands operands_of(const unsigned char (*set)[kSlotBytes], unsigned lane) {
  Operands o;
  std::memcpy(&o, set[lane], sizeof(o));
  return o;
}

inline float half_of(std::uint32_t word, unsigned index) {
  return index ? high_bf16(word) : low_bf16(word);
}

inline const unsigned char (*show_operands(const std::uint32_t (&a)[4], std::uint32_t b0,
                                           std::uint32_t b1))[kSlotBytes] {
  if (current->warp->meeting.live != kWarp) abandon("a matrix operation needs all lanes of the warp");
  const Operands mine{{a[0], a[1], a[2], a[3]}, {b0, b1}};
  return exchange(&mine, sizeof(mine));
}

inline void load_matrices(std::uint32_t (&r)[4], const void* row, bool transposed) {
  if (current->warp->meeting.live != kWarp) abandon("ldmatrix needs all lanes of the warp");
  if (reinterpret_cast<std::uintptr_t>(row) % 16) abandon("ldmatrix needs rows on 16 bytes");
  const auto* set = exchange(&row, sizeof(row));
  const unsigned lane = current->lane;
  for (unsigned matrix = 0; matrix < 4; ++matrix) {
    std::uint16_t pair[2];
    for (unsigned i = 0; i < 2; ++i) {
      const unsigned r0 = transposed ? lane % 4 * 2 + i : lane / 4, c0 = transposed ? lane / 4 : lane % 4 * 2 + i;
      const std::uint16_t* source;
      std::memcpy(&source, set[matrix * 8 + r0], sizeof(source));
      pair[i] = source[c0];
    }
    r[matrix] = pair[0] | static_cast<std::uint32_t>(pair[1]) << 16;
  }
  meet(current->warp->meeting);  // all have read before anybody writes there again
}

}  // namespace shim

inline void mma_bf16(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  const auto* set = shim::show_operands(a, b0, b1);
  const unsigned q = shim::current->lane / 4, p = shim::current->lane % 4;
  for (unsigned k = 0; k < 16; ++k) {
    const unsigned place = k % 8 / 2, half = k % 2, upper = k / 8;
    const shim::Operands left = shim::operands_of(set, q * 4 + place);
    const float a0 = shim::half_of(left.a[upper * 2], half), a1 = shim::half_of(left.a[upper * 2 + 1], half);
    for (unsigned c = 0; c < 2; ++c) {
      const shim::Operands right = shim::operands_of(set, (p * 2 + c) * 4 + place);
      const float b = shim::half_of(right.b[upper], half);
      d[c] += a0 * b;
      d[2 + c] += a1 * b;
    }
  }
}

inline std::uint32_t to_tf32(float x) {
  return (__float_as_uint(x) + 0x1000u) & 0xffffe000u;
}

inline void mma_tf32(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  const auto* set = shim::show_operands(a, b0, b1);
  const unsigned q = shim::current->lane / 4, p = shim::current->lane % 4;
  for (unsigned k = 0; k < 8; ++k) {
    const unsigned upper = k / 4;
    const shim::Operands left = shim::operands_of(set, q * 4 + k % 4);
    for (unsigned c = 0; c < 2; ++c) {
      const shim::Operands right = shim::operands_of(set, (p * 2 + c) * 4 + k % 4);
      // The device looks at tf32's bits alone.
      const float b = __uint_as_float(right.b[upper] & 0xffffe000u);
      d[c] += __uint_as_float(left.a[upper * 2] & 0xffffe000u) * b;
      d[2 + c] += __uint_as_float(left.a[upper * 2 + 1] & 0xffffe000u) * b;
    }
  }
}

inline void load_matrices(std::uint32_t (&r)[4], const void* row) {
  shim::load_matrices(r, row, false);
}

inline void load_matrices_transposed(std::uint32_t (&r)[4], const void* row) {
  shim::load_matrices(r, row, true);
}

inline std::uint32_t low_sign_pattern(std::uint32_t word) {
  return (word & 0x80u ? 0xffffu : 0u) | (word & 0x8000u ? 0xffff0000u : 0u);
}

inline std::uint32_t high_sign_pattern(std::uint32_t word) {
  return low_sign_pattern(word >> 16);
}

}  // namespace rondo::cuda
