// Blocked matrix product around the micro-kernel. Threads get a rectangle of C each and share nothing they write.

#include "cpu/gemm.h"

#include "cpu/context.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// Rows [r0, r0 + rows) × [k0, k0 + k) of a row-major A, blocked: [k / kPanel][rows][kPanel].
void pack_rows(const Gemm& g, std::int64_t r0, std::int64_t rows, std::int64_t k0, std::int64_t k, float* out) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* source = g.a + (r0 + r) * g.lda + k0;
    for (std::int64_t i = 0; i < k; i += kPanel) {
      float* target = out + (i * rows + r * kPanel);
      const std::int64_t n = smaller<std::int64_t>(kPanel, k - i);
      if (n == kPanel) {
        std::memcpy(target, source + i, sizeof(float) * kPanel);
      } else {
        std::memcpy(target, source + i, sizeof(float) * static_cast<std::size_t>(n));
      }
    }
  }
}

bool is_reset(const RowFilter& f, std::int64_t row) {
  return f.resets && row + f.reset_shift < f.reset_count && f.resets[row + f.reset_shift];
}

/// A row of A that becomes a column, with its filter.
struct FilteredRow {
  const float* a;
  const float* mask;
  bool zero;
};

FilteredRow filtered_row(const float* a, std::int64_t lda, const RowFilter& f, std::int64_t row, std::int64_t column) {
  const float* mask = f.mask ? f.mask + row % f.mask_rows * f.mask_ld + column : nullptr;
  return {a + row * lda + column, mask, is_reset(f, row)};
}

/// n floats of one row of a tile; in whole vectors, unless `exact`, where what follows is written later.
void pack_tile_row(const float* source, const float* mask, float* target, int n, bool zero, bool exact) {
  for (int j = 0; j < n; j += kLanes) {
    const int lanes = smaller(kLanes, n - j);
    Vf v{};
    if (!zero) v = load(source + j, lanes);
    if (!zero && mask) v *= load(mask + j, lanes);
    exact ? store(target + j, v, lanes) : store(target + j, v);
  }
}

struct Block {
  std::int64_t row, rows;  // of C
  std::int64_t k0, k;
  std::int64_t panel, panels;  // of C
  const float* b;              // first panel at k0
  std::int64_t panel_stride;
};

/// What a tile's sums become in C; the last panel may be narrower than the tile.
void put_tile(const Gemm& g, const Block& block, std::int64_t row, int rows, std::int64_t p, const float* sums) {
  const bool first = block.k0 == 0;
  const std::int64_t column = p * kPanel;
  const int columns = static_cast<int>(g.c_rows ? kPanel : smaller<std::int64_t>(kPanel, g.n - column));
  for (std::int64_t r = row; r < row + rows; ++r, sums += kPanel) {
    float* c =
        g.c_rows ? g.c + (r / g.c_rows * g.c_step + p * g.c_rows + r % g.c_rows) * kPanel : g.c + r * g.ldc + column;
    for (int j = 0; j < columns; j += kLanes) {
      const int n = smaller(kLanes, columns - j);
      Vf sum = load(sums + j, n);
      if (g.add || !first) sum = load(c + j, n) + sum;
      if (first && g.bias) sum += load(g.bias + column + j, n);
      store(c + j, sum, n);
    }
  }
}

void one_tile(const Gemm& g, const Block& block, std::int64_t r, int rows, std::int64_t p, const float* a,
              float* edge) {
  const std::int64_t panel = block.panel + p;
  const bool first = block.k0 == 0;
  const bool direct = !g.c_rows && (panel + 1) * kPanel <= g.n && !(first && g.bias);
  float* out = direct ? g.c + (block.row + r) * g.ldc + panel * kPanel : edge;
  const std::int64_t ld = direct ? g.ldc : kPanel;
  const bool add = direct && (g.add || !first);
  TileProduct product;
  product.k = block.k;
  product.b = block.b + p * block.panel_stride;
  if (g.a_transposed) {
    product.run = block.k;
    product.a = a + r * block.k;
    gemm_tile_columns(rows, product, out, ld, add);
  } else {
    product.run = kPanel;
    product.a = a + r * kPanel;
    product.a_stride = block.rows * kPanel;
    product.b_stride = kPanel * kPanel;
    gemm_tile_rows(rows, product, out, ld, add);
  }
  if (!direct) put_tile(g, block, block.row + r, rows, panel, edge);
}

void multiply_block(const Gemm& g, const Block& block, float* scratch_a, float* edge) {
  const std::int64_t parts = ceil_div(block.rows, kBlockRows);
  for (std::int64_t i = 0; i < parts; ++i) {
    Block part = block;
    part.row = block.row + block.rows * i / parts;
    part.rows = block.row + block.rows * (i + 1) / parts - part.row;
    if (g.a_transposed) {
      pack_columns(g.a, g.lda, {}, part.row, part.rows, block.k0, block.k, scratch_a);
    } else {
      pack_rows(g, part.row, part.rows, block.k0, block.k, scratch_a);
    }
    const RowTiles tiles(part.rows);
    for (std::int64_t p = 0; p < block.panels; ++p) {
      for (std::int64_t t = 0; t < tiles.count; ++t) {
        one_tile(g, part, tiles.begin(t), tiles.size(t), p, scratch_a, edge);
      }
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

/// out[i][j] = b[j][i] for a block of kPanel × kPanel at most, through a copy with an odd stride: the rows of b are
/// often a power of two apart and would share a cache set.
void transpose_block(const float* b, std::int64_t ldb, std::int64_t rows, std::int64_t columns, float* out) {
  float block[kPanel][kPanel + 1];
  for (std::int64_t j = 0; j < columns; ++j) {
    std::memcpy(block[j], b + j * ldb, sizeof(float) * static_cast<std::size_t>(rows));
  }
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) out[i * kPanel + j] = block[j][i];
  }
}

}  // namespace

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

void pack_panels(const float* b, std::int64_t ldb, bool transposed, std::int64_t k0, std::int64_t k, std::int64_t n0,
                 std::int64_t n, float* panels) {
  for (std::int64_t p = 0; p < n; p += kPanel) {
    float* out = panels + p * k;
    const std::int64_t columns = smaller<std::int64_t>(kPanel, n - p);
    if (columns < kPanel) std::memset(out, 0, sizeof(float) * static_cast<std::size_t>(k * kPanel));
    for (std::int64_t i = 0; i < k && !transposed; ++i) {
      std::memcpy(out + i * kPanel, b + (k0 + i) * ldb + n0 + p, sizeof(float) * static_cast<std::size_t>(columns));
    }
    for (std::int64_t i = 0; i < k && transposed; i += kPanel) {
      transpose_block(b + (n0 + p) * ldb + k0 + i, ldb, smaller<std::int64_t>(kPanel, k - i), columns,
                      out + i * kPanel);
    }
  }
}

void pack_columns(const float* a, std::int64_t lda, const RowFilter& filter, std::int64_t r0, std::int64_t rows,
                  std::int64_t k0, std::int64_t k, float* out) {
  // Of A: read along their lines, while the next ones are fetched; written in pieces that fill their lines.
  constexpr std::int64_t kRowsAtOnce = 8;
  const RowTiles tiles(rows);
  for (std::int64_t i0 = 0; i0 < k; i0 += kRowsAtOnce) {
    const std::int64_t i1 = smaller(k, i0 + kRowsAtOnce);
    FilteredRow row[kRowsAtOnce];
    for (std::int64_t i = i0; i < i1; ++i) row[i - i0] = filtered_row(a, lda, filter, k0 + i, r0);
    for (std::int64_t t = 0; t < tiles.count; ++t) {
      const std::int64_t r = tiles.begin(t);
      const int n = tiles.size(t);
      for (std::int64_t i = i0; i < i1; ++i) {
        const FilteredRow& from = row[i - i0];
        __builtin_prefetch(from.a + r + kRowsAtOnce * lda);
        pack_tile_row(from.a + r, from.mask ? from.mask + r : nullptr, out + r * k + i * n, n, from.zero,
                      (i1 - 1 - i) * n < kLanes);
      }
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
