#pragma once

// Matrix products on the device, row-major floats in and out, with the arithmetic of the context's precision: fp32
// (fused multiply-adds, in the order of k), or tf32 with float sums (for bf16 too; the LSTM has products of its own).
// The order of the additions depends on the sizes and the device's facts alone.

#include <cstdint>

#include "cuda/context.h"

namespace rondo::cuda {

/// c (+)= a b + bias.
struct Gemm {
  std::int64_t m = 0, n = 0, k = 0;
  const float* a = nullptr;  ///< [m, k], or [k, m] with trans_a
  std::int64_t lda = 0;
  bool trans_a = false;
  const float* b = nullptr;  ///< [k, n], or [n, k] with trans_b (not both transposed)
  std::int64_t ldb = 0;
  bool trans_b = false;
  float* c = nullptr;  ///< [m, n]
  std::int64_t ldc = 0;
  bool add = false;             ///< to what is in c
  const float* bias = nullptr;  ///< [n] or null
};

void gemm(CudaContext& context, const Gemm& op);

}  // namespace rondo::cuda
