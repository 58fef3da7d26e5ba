#pragma once

// Single-precision matrix product. B is read in packed panels of kPanel columns, [panel][K][kPanel], the last one
// padded with zeros; A in tiles of kTileRows rows. Each element of C is a sum over k in blocks of kBlockK, each block
// in ascending k: the order depends neither on the threads nor on the element's place in a tile.

#include <cstdint>

#include "cpu/simd.h"

namespace rondo::cpu::RONDO_ISA {

class CpuContext;

#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kTileRows = 8;
#else
constexpr int kTileRows = 6;
#endif
constexpr int kPanelVectors = 2;
constexpr int kPanel = kPanelVectors * kLanes;
constexpr std::int64_t kBlockK = 256;
constexpr std::int64_t kBlockRows = 16 * kTileRows;  // of A: stays in L2
constexpr std::int64_t kBlockColumns = 1024;         // of an unpacked B

/// c[r][0 … kPanel) (+)= Σ_k a(r, k) · panel[k][0 … kPanel), rows 1 … kTileRows, k ascending from 0.
/// Row-major: a(r, k) = a[r · lda + k]. By columns: a(r, k) = a[k · kTileRows + r].
void gemm_tile_rows(int rows, std::int64_t k, const float* a, std::int64_t lda, const float* panel, float* c,
                    std::int64_t ldc, bool add);
void gemm_tile_columns(int rows, std::int64_t k, const float* a, const float* panel, float* c, std::int64_t ldc,
                       bool add);

/// Floats of B [k × n] in panels.
constexpr std::int64_t packed_size(std::int64_t k, std::int64_t n) {
  return round_up(n, kPanel) * k;
}

/// Packs rows k0 … k0+k of columns [n0, n0 + n) of B into panels of `k` rows each. transposed: B(k, n) = b[n · ldb +
/// k].
void pack_panels(const float* b, std::int64_t ldb, bool transposed, std::int64_t k0, std::int64_t k, std::int64_t n0,
                 std::int64_t n, float* panels);

/// Rows of a transposed A taken as 0, and the mask that multiplies the others: what dR = (h ∘ m)ᵀ dz needs.
struct RowFilter {
  const float* mask = nullptr;  ///< [mask_rows] × ld, row k uses mask row k % mask_rows; null = 1
  std::int64_t mask_rows = 1, mask_ld = 0;
  const std::uint8_t* resets = nullptr;  ///< row k is 0 where resets[k + reset_shift]; null = never
  std::int64_t reset_shift = 0;
  std::int64_t reset_count = 0;  ///< size of resets; beyond it no row is 0
};

/// C [m × n] (+)= A · B (+ bias).
struct Gemm {
  std::int64_t m = 0, n = 0, k = 0;
  const float* a = nullptr;  ///< [m] × lda, or [k] × lda when a_transposed
  std::int64_t lda = 0;
  bool a_transposed = false;
  RowFilter filter;               ///< with a_transposed only
  const float* panels = nullptr;  ///< packed B, or null:
  const float* b = nullptr;       ///< [k] × ldb
  std::int64_t ldb = 0;
  float* c = nullptr;  ///< [m] × ldc
  std::int64_t ldc = 0;
  bool add = false;
  const float* bias = nullptr;  ///< [n] or null; not with add
};

void gemm(CpuContext& context, const Gemm& args);

/// sums[n] += Σ_r x[r][n], r ascending in blocks of 256 rows.
void column_sums(CpuContext& context, const float* x, std::int64_t rows, std::int64_t columns, std::int64_t ldx,
                 float* sums);

}  // namespace rondo::cpu::RONDO_ISA
