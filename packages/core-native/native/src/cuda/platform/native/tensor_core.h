#pragma once

// Matrix fragments of a warp. Lane l of group q = l / 4 and place p = l % 4 holds, of D and C (16 × 8): rows q and
// q + 8, columns 2p and 2p + 1. All lanes of the warp must call together.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

/// d += a b; a 16 × 16 by rows, b 16 × 8 by columns, bfloat16; sums in float.
__device__ __forceinline__ void mma_bf16(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0,
                                         std::uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// d += a b; a 16 × 8 by rows, b 8 × 8 by columns, tf32; sums in float.
__device__ __forceinline__ void mma_tf32(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0,
                                         std::uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// A float with tf32's 10 bits of mantissa, to nearest, ties away from zero.
__device__ __forceinline__ std::uint32_t to_tf32(float x) {
  std::uint32_t word;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(word) : "f"(x));
  return word;
}

/// Four 8 × 8 matrices of 16-bit values from shared memory; lane l gives the address of row l % 8 of matrix l / 8
/// (16-byte aligned) and gets of each matrix row l / 4, columns 2 (l % 4) and the next.
__device__ __forceinline__ void load_matrices(std::uint32_t (&r)[4], const void* row) {
  const std::uint32_t address = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(address)
               : "memory");
}

/// The same, each matrix transposed: lane l gets column l / 4, rows 2 (l % 4) and the next.
__device__ __forceinline__ void load_matrices_transposed(std::uint32_t (&r)[4], const void* row) {
  const std::uint32_t address = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(address)
               : "memory");
}

/// Patterns of 16 ones or zeros by the sign bits of a word's bytes: of bytes 0 and 1, and of bytes 2 and 3.
__device__ __forceinline__ std::uint32_t low_sign_pattern(std::uint32_t word) {
  std::uint32_t pattern;
  asm("prmt.b32 %0, %1, %1, 0x9988;" : "=r"(pattern) : "r"(word));
  return pattern;
}
__device__ __forceinline__ std::uint32_t high_sign_pattern(std::uint32_t word) {
  std::uint32_t pattern;
  asm("prmt.b32 %0, %1, %1, 0xbbaa;" : "=r"(pattern) : "r"(word));
  return pattern;
}

}  // namespace rondo::cuda
