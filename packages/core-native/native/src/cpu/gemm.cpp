// Blocked matrix product around the micro-kernel. Threads get a rectangle of C each and share nothing they write.

#include "cpu/gemm.h"

#include "cpu/context.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// How many threads stand along the rows and along the panels of C.
struct Grid {
  int rows = 1, columns = 1;
};

/// The grid with the least work for its busiest thread; among equals the one that packs least.
Grid choose_grid(std::int64_t row_tiles, std::int64_t panels, int threads) {
  Grid best;
  std::int64_t best_cost = INT64_MAX;
  for (int rows = 1; rows <= threads && rows <= row_tiles; ++rows) {
    const int columns = static_cast<int>(smaller<std::int64_t>(threads / rows, panels));
    const std::int64_t tall = ceil_div(row_tiles, rows);
    const std::int64_t wide = ceil_div(panels, columns);
    const std::int64_t cost = tall * wide * 64 + tall * kTileRows + wide * kPanel;
    if (cost < best_cost) {
      best_cost = cost;
      best = {rows, columns};
    }
  }
  return best;
}

/// Rows [r0, r0 + rows) × [k0, k0 + k) of a row-major A, as rows of stride kBlockK + 16 (a stride of a power of two
/// would put all rows of a tile into one cache set).
constexpr std::int64_t kRowStride = kBlockK + 16;

void pack_rows(const Gemm& g, std::int64_t r0, std::int64_t rows, std::int64_t k0, std::int64_t k, float* out) {
  for (std::int64_t r = 0; r < rows; ++r) {
    std::memcpy(out + r * kRowStride, g.a + (r0 + r) * g.lda + k0, sizeof(float) * static_cast<std::size_t>(k));
  }
}

bool is_reset(const RowFilter& f, std::int64_t row) {
  return f.resets && row + f.reset_shift < f.reset_count && f.resets[row + f.reset_shift];
}

/// One row of one whole tile; the constant length lets the compiler use vectors.
void pack_tile_row(const float* source, const float* mask, float* target) {
  if (!mask) {
    std::memcpy(target, source, sizeof(float) * kTileRows);
    return;
  }
  for (int j = 0; j < kTileRows; ++j) target[j] = source[j] * mask[j];
}

/// The same rows of a transposed A, as tiles [tile][k][kTileRows], filtered.
void pack_columns(const Gemm& g, std::int64_t r0, std::int64_t rows, std::int64_t k0, std::int64_t k, float* out) {
  const std::int64_t whole = rows / kTileRows, rest = rows % kTileRows;
  for (std::int64_t i = 0; i < k; ++i) {
    const std::int64_t row = k0 + i;
    const float* source = g.a + row * g.lda + r0;
    const float* mask = g.filter.mask ? g.filter.mask + row % g.filter.mask_rows * g.filter.mask_ld + r0 : nullptr;
    const bool zero = is_reset(g.filter, row);
    for (std::int64_t t = 0; t < whole && !zero; ++t) {
      pack_tile_row(source + t * kTileRows, mask ? mask + t * kTileRows : nullptr, out + (t * k + i) * kTileRows);
    }
    for (std::int64_t t = 0; t < whole && zero; ++t) {
      std::memset(out + (t * k + i) * kTileRows, 0, sizeof(float) * kTileRows);
    }
    if (rest == 0) continue;
    float* last = out + (whole * k + i) * kTileRows;
    for (std::int64_t j = 0; j < kTileRows; ++j) {
      const std::int64_t at = whole * kTileRows + j;
      last[j] = zero || j >= rest ? 0.0f : mask ? source[at] * mask[at] : source[at];
    }
  }
}

struct Block {
  std::int64_t row, rows;  // of C
  std::int64_t k0, k;
  std::int64_t panel, panels;  // of C
  const float* b;              // first panel at k0
  std::int64_t panel_stride;
};

/// One tile of C; the last panel may be narrower than the tile.
void one_tile(const Gemm& g, const Block& block, std::int64_t r, std::int64_t p, const float* a, float* edge) {
  const int rows = static_cast<int>(smaller<std::int64_t>(kTileRows, block.rows - r));
  const std::int64_t column = (block.panel + p) * kPanel;
  const std::int64_t columns = smaller<std::int64_t>(kPanel, g.n - column);
  const float* panel = block.b + p * block.panel_stride;
  float* c = g.c + (block.row + r) * g.ldc + column;
  const bool whole = columns == kPanel;
  const bool first = block.k0 == 0;
  float* out = whole ? c : edge;
  const std::int64_t ld = whole ? g.ldc : kPanel;
  const bool add = whole && (g.add || !first);
  if (g.a_transposed) {
    gemm_tile_columns(rows, block.k, a + r * block.k, panel, out, ld, add);
  } else {
    gemm_tile_rows(rows, block.k, a + r * kRowStride, kRowStride, panel, out, ld, add);
  }
  if (whole && !(first && g.bias)) return;
  for (int i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      float sum = out[i * ld + j];
      if (!whole && (g.add || !first)) sum = c[i * g.ldc + j] + sum;
      c[i * g.ldc + j] = first && g.bias ? sum + g.bias[column + j] : sum;
    }
  }
}

void multiply_block(const Gemm& g, const Block& block, float* scratch_a, float* edge) {
  for (std::int64_t r0 = 0; r0 < block.rows; r0 += kBlockRows) {
    Block part = block;
    part.row = block.row + r0;
    part.rows = smaller(kBlockRows, block.rows - r0);
    if (g.a_transposed) {
      pack_columns(g, part.row, part.rows, block.k0, block.k, scratch_a);
    } else {
      pack_rows(g, part.row, part.rows, block.k0, block.k, scratch_a);
    }
    for (std::int64_t p = 0; p < block.panels; ++p) {
      for (std::int64_t r = 0; r < part.rows; r += kTileRows) one_tile(g, part, r, p, scratch_a, edge);
    }
  }
}

void multiply(CpuContext& context, int thread, const Gemm& g, Range rows, Range panels) {
  float* edge = context.scratch_tiles(thread);
  for (std::int64_t k0 = 0; k0 < g.k; k0 += kBlockK) {
    const std::int64_t k = smaller(kBlockK, g.k - k0);
    Block block{rows.begin, rows.end - rows.begin, k0, k, panels.begin, panels.end - panels.begin, nullptr, 0};
    if (g.panels) {
      block.b = g.panels + (panels.begin * g.k + k0) * kPanel;
      block.panel_stride = g.k * kPanel;
      multiply_block(g, block, context.scratch_a(thread), edge);
      continue;
    }
    float* packed = context.scratch_b(thread);
    constexpr std::int64_t kPanelsAtOnce = kBlockColumns / kPanel;
    for (std::int64_t p = panels.begin; p < panels.end; p += kPanelsAtOnce) {
      block.panel = p;
      block.panels = smaller(kPanelsAtOnce, panels.end - p);
      block.b = packed;
      block.panel_stride = k * kPanel;
      const std::int64_t n = smaller(block.panels * kPanel, g.n - p * kPanel);
      pack_panels(g.b, g.ldb, false, k0, k, p * kPanel, n, packed);
      multiply_block(g, block, context.scratch_a(thread), edge);
    }
  }
}

}  // namespace

void pack_panels(const float* b, std::int64_t ldb, bool transposed, std::int64_t k0, std::int64_t k, std::int64_t n0,
                 std::int64_t n, float* panels) {
  for (std::int64_t p = 0; p < n; p += kPanel) {
    float* out = panels + p * k;
    const std::int64_t columns = smaller<std::int64_t>(kPanel, n - p);
    if (columns < kPanel) std::memset(out, 0, sizeof(float) * static_cast<std::size_t>(k * kPanel));
    for (std::int64_t i = 0; i < k; ++i) {
      if (!transposed) {
        std::memcpy(out + i * kPanel, b + (k0 + i) * ldb + n0 + p, sizeof(float) * static_cast<std::size_t>(columns));
        continue;
      }
      for (std::int64_t j = 0; j < columns; ++j) out[i * kPanel + j] = b[(n0 + p + j) * ldb + k0 + i];
    }
  }
}

void gemm(CpuContext& context, const Gemm& g) {
  if (g.m <= 0 || g.n <= 0 || g.k <= 0) return;
  constexpr std::int64_t kWorthAThread = 1 << 16;
  const int threads = g.m * g.n * g.k < kWorthAThread ? 1 : context.threads();
  const Grid grid = choose_grid(ceil_div(g.m, kTileRows), ceil_div(g.n, kPanel), threads);
  auto rectangle = [&](int index) {
    if (index >= grid.rows * grid.columns) return;
    const Range rows = part(g.m, kTileRows, index / grid.columns, grid.rows);
    const Range panels = part(ceil_div(g.n, kPanel), 1, index % grid.columns, grid.columns);
    if (!rows.empty() && !panels.empty()) multiply(context, index, g, rows, panels);
  };
  if (grid.rows * grid.columns == 1) return rectangle(0);
  context.parallel([&](int index, int) { rectangle(index); });
}

void column_sums(CpuContext& context, const float* x, std::int64_t rows, std::int64_t columns, std::int64_t ldx,
                 float* sums) {
  constexpr std::int64_t kStrip = 64;
  context.parallel_for(columns, kStrip, rows, [&](Range range) {
    for (std::int64_t c0 = range.begin; c0 < range.end; c0 += kStrip) {
      const std::int64_t n = smaller(kStrip, range.end - c0);
      for (std::int64_t r0 = 0; r0 < rows; r0 += kBlockK) {
        float block[kStrip] = {};
        for (std::int64_t r = r0; r < smaller(rows, r0 + kBlockK); ++r) {
          for (std::int64_t j = 0; j < n; ++j) block[j] += x[r * ldx + c0 + j];
        }
        for (std::int64_t j = 0; j < n; ++j) sums[c0 + j] += block[j];
      }
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
