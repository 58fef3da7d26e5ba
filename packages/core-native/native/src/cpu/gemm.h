#pragma once

// Single-precision matrix product. B is read in packed panels of kPanel columns, [panel][K][kPanel], the last one
// padded with zeros; A in tiles of up to kTileRows rows. Each element of C is a sum over k in blocks of kBlockK, each
// block in ascending k: the order depends neither on the threads nor on the element's place in a tile.

#include <cstdint>

#include "cpu/simd.h"

namespace rondo::cpu::RONDO_ISA {

class CpuContext;

constexpr int kPanelVectors = 2;
constexpr int kPanel = kPanelVectors * kLanes;
// As many sums as there are registers for, less two for B and one for A.
#if defined(__AVX512F__)
constexpr int kTileRows = 14;
#elif defined(__aarch64__)
constexpr int kTileRows = 12;
#else
constexpr int kTileRows = 6;
#endif
constexpr std::int64_t kBlockK = 256;           // a panel's block stays in L1
constexpr std::int64_t kBlockRows = 128;        // of A: stays in L2
constexpr std::int64_t kBlockColumns = 512;     // of an unpacked B
constexpr std::int64_t kBlockTransposed = 512;  // rows of a transposed A: stay in L2 while all of B passes by

/// Rows 0 … n in as few tiles as can be, all of nearly the same height.
struct RowTiles {
  std::int64_t rows, count;
  explicit RowTiles(std::int64_t n) : rows(n), count(ceil_div(n, kTileRows)) {}
  std::int64_t begin(std::int64_t i) const { return rows * i / count; }
  int size(std::int64_t i) const { return static_cast<int>(begin(i + 1) - begin(i)); }
};

/// Operands of one tile. k comes in runs of `run` steps; run q of A begins at a + q · a_stride, of B at b + q ·
/// b_stride; inside a run B is [step][kPanel].
struct TileProduct {
  std::int64_t k = 0, run = 0;
  const float* a = nullptr;
  std::int64_t a_stride = 0;
  const float* b = nullptr;
  std::int64_t b_stride = 0;
};

/// c[r][0 … kPanel) (+)= Σ_k a(r, k) · b[k][0 … kPanel), rows 1 … kTileRows, k ascending from 0. Inside a run:
/// by rows a(r, i) = a[r · kPanel + i]; by columns a(r, i) = a[i · rows + r].
void gemm_tile_rows(int rows, const TileProduct& p, float* c, std::int64_t ldc, bool add);
void gemm_tile_columns(int rows, const TileProduct& p, float* c, std::int64_t ldc, bool add);

/// The same for any number of rows and of k, in blocks of kBlockK. A is blocked: [k / kPanel] × a_stride, of
/// [rows][kPanel].
void multiply_rows(std::int64_t rows, std::int64_t k, const float* a, std::int64_t a_stride, const float* panel,
                   float* c, std::int64_t ldc, bool add);

/// One row times kRowPanels panels of B, `panel_stride` apart, into c[panel][kPanel]; the same sums as multiply_rows'.
/// With one row a panel alone cannot hide the latency of its additions, nor keep enough reads on their way.
constexpr int kRowPanels = 4;
void multiply_row(std::int64_t k, const float* a, std::int64_t a_stride, const float* panels, std::int64_t panel_stride,
                  float* c, bool add);

/// How many threads stand along the rows and along the panels of C.
struct Grid {
  int rows = 1, columns = 1;
};

/// The grid with the least work for its busiest thread; among equals the one that packs least.
Grid choose_grid(std::int64_t row_tiles, std::int64_t panels, int threads);

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

/// Rows [r0, r0 + rows) × [k0, k0 + k) of the transposed of A [k] × lda, in tiles [tile][k][rows of the tile],
/// filtered.
void pack_columns(const float* a, std::int64_t lda, const RowFilter& filter, std::int64_t r0, std::int64_t rows,
                  std::int64_t k0, std::int64_t k, float* out);

/// C [m × n] (+)= A · B (+ bias).
struct Gemm {
  std::int64_t m = 0, n = 0, k = 0;
  const float* a = nullptr;  ///< [m] × lda, or [k] × lda when a_transposed
  std::int64_t lda = 0;
  bool a_transposed = false;
  const float* panels = nullptr;  ///< packed B, or null:
  const float* b = nullptr;       ///< [k] × ldb
  std::int64_t ldb = 0;
  float* c = nullptr;  ///< [m] × ldc
  std::int64_t ldc = 0;
  bool add = false;
  const float* bias = nullptr;  ///< [n] or null; not with add
  /// Where C is blocked: panel p of row r at c + (r / c_rows · c_step + p · c_rows + r % c_rows) · kPanel, whole
  /// panels. 0: row-major.
  std::int64_t c_rows = 0, c_step = 0;
};

void gemm(CpuContext& context, const Gemm& args);

/// sums[n] += Σ_r x[r][n], r ascending in blocks of 256 rows.
void column_sums(CpuContext& context, const float* x, std::int64_t rows, std::int64_t columns, std::int64_t ldx,
                 float* sums);

}  // namespace rondo::cpu::RONDO_ISA
