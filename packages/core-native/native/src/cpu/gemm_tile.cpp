// The micro-kernel: up to kTileRows × kPanel sums held in registers. Written once; the compiler unrolls it per row
// count.

#include "cpu/gemm.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// C is wanted only after the loop: by then it has arrived.
void prefetch_rows(const float* c, std::int64_t ldc, int rows) {
  constexpr int kLine = 16;
  for (int r = 0; r < rows; ++r) {
    for (int j = 0; j < kPanel; j += kLine) __builtin_prefetch(c + r * ldc + j, 1);
  }
}

template <int kRows, bool kByColumns>
void tile(const TileProduct& p, float* c, std::int64_t ldc, bool add) {
  prefetch_rows(c, ldc, kRows);
  Vf sum[kRows][kPanelVectors] = {};
  const float* a_run = p.a;
  const float* b_run = p.b;
  for (std::int64_t left = p.k; left > 0; left -= p.run) {
    const float* a = a_run;
    const float* panel = b_run;
    const float* const end = panel + smaller(left, p.run) * kPanel;
    for (; panel != end; panel += kPanel) {
      Vf b[kPanelVectors];
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) {
        b[v] = load(panel + v * kLanes);
        keep_in_register(b[v]);
      }
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r) {
        const Vf x = splat(kByColumns ? a[r] : a[r * kPanel]);
#pragma GCC unroll 8
        for (int v = 0; v < kPanelVectors; ++v) sum[r][v] = fma(x, b[v], sum[r][v]);
      }
      a += kByColumns ? kRows : 1;
    }
    a_run += p.a_stride;
    b_run += p.b_stride;
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; ++v) {
      float* out = c + r * ldc + v * kLanes;
      store(out, add ? load(out) + sum[r][v] : sum[r][v]);
    }
  }
}

template <bool kByColumns, int kRows>
void pick(int rows, const TileProduct& p, float* c, std::int64_t ldc, bool add) {
  if (rows == kRows) return tile<kRows, kByColumns>(p, c, ldc, add);
  if constexpr (kRows > 1) pick<kByColumns, kRows - 1>(rows, p, c, ldc, add);
}

/// A block of k of one row times several panels: a is blocked by kPanel.
void row_tile(std::int64_t k, const float* a, std::int64_t a_stride, const float* b, std::int64_t panel_stride,
              float* c, bool add) {
  Vf sum[kRowPanels][kPanelVectors] = {};
  for (std::int64_t i = 0; i < k; ++i, b += kPanel) {
    const Vf x = splat(a[i / kPanel * a_stride + i % kPanel]);
#pragma GCC unroll 4
    for (int p = 0; p < kRowPanels; ++p) {
      const float* row = b + p * panel_stride;
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) sum[p][v] = fma(x, load(row + v * kLanes), sum[p][v]);
    }
  }
  for (int p = 0; p < kRowPanels; ++p) {
    for (int v = 0; v < kPanelVectors; ++v) {
      float* out = c + p * kPanel + v * kLanes;
      store(out, add ? load(out) + sum[p][v] : sum[p][v]);
    }
  }
}

}  // namespace

void gemm_tile_rows(int rows, const TileProduct& p, float* c, std::int64_t ldc, bool add) {
  pick<false, kTileRows>(rows, p, c, ldc, add);
}

void gemm_tile_columns(int rows, const TileProduct& p, float* c, std::int64_t ldc, bool add) {
  pick<true, kTileRows>(rows, p, c, ldc, add);
}

void multiply_rows(std::int64_t rows, std::int64_t k, const float* a, std::int64_t a_stride, const float* panel,
                   float* c, std::int64_t ldc, bool add) {
  const RowTiles tiles(rows);
  for (std::int64_t k0 = 0; k0 < k; k0 += kBlockK) {
    TileProduct p;
    p.k = smaller(kBlockK, k - k0);
    p.run = kPanel;
    p.a_stride = a_stride;
    p.b = panel + k0 * kPanel;
    p.b_stride = kPanel * kPanel;
    for (std::int64_t i = 0; i < tiles.count; ++i) {
      const std::int64_t r = tiles.begin(i);
      p.a = a + k0 / kPanel * a_stride + r * kPanel;
      gemm_tile_rows(tiles.size(i), p, c + r * ldc, ldc, add || k0 > 0);
    }
  }
}

void multiply_row(std::int64_t k, const float* a, std::int64_t a_stride, const float* panels, std::int64_t panel_stride,
                  float* c, bool add) {
  for (std::int64_t k0 = 0; k0 < k; k0 += kBlockK) {
    row_tile(smaller(kBlockK, k - k0), a + k0 / kPanel * a_stride, a_stride, panels + k0 * kPanel, panel_stride, c,
             add || k0 > 0);
  }
}

}  // namespace rondo::cpu::RONDO_ISA
