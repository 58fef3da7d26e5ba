// A first layer whose input rows are rows of a trained table. x W of a row is then row ids[n] of table · W, one small
// product per batch; and with S[v] = Σ dz over the rows of id v, dW += tableᵀ S and d_table += S Wᵀ. Sums run over rows
// in ascending order, whatever the threads.

#include "cpu/lstm.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// S of `columns` of dz's panels: out[column][vocabulary][kPanel].
void sum_by_id(const LstmBackward& op, Range columns, float* out) {
  const LstmShape& s = op.shape;
  const std::int64_t all = 4 * ceil_div(s.units, kPanel);
  for (std::int64_t c = columns.begin; c < columns.end; ++c) {
    float* sums = out + c * s.vocabulary * kPanel;
    std::memset(sums, 0, sizeof(float) * static_cast<std::size_t>(s.vocabulary * kPanel));
    for (std::int64_t t = 0; t < s.time; ++t) {
      const float* dz = op.gates + (t * all + c) * s.batch * kPanel;
      const std::int32_t* ids = s.ids + t * s.batch;
      for (std::int64_t b = 0; b < s.batch; ++b, dz += kPanel) {
        float* sum = sums + ids[b] * kPanel;
        for (int v = 0; v < kPanel; v += kLanes) store(sum + v, load(sum + v) + load(dz + v));
      }
    }
  }
}

/// dW += tableᵀ S, through `product` [column][I][kPanel].
void kernel_gradient(CpuContext& context, const LstmBackward& op, const float* sums, float* product) {
  const LstmShape& s = op.shape;
  const std::int64_t columns = 4 * ceil_div(s.units, kPanel);
  Gemm g;
  g.m = s.input;
  g.n = columns * kPanel;
  g.k = s.vocabulary;
  g.a = op.table;
  g.lda = s.input;
  g.a_transposed = true;
  g.panels = sums;
  g.c = product;
  g.c_rows = s.input;
  gemm(context, g);
  context.parallel_for(s.input, 1, columns * kPanel, [&](Range rows) {
    for (std::int64_t c = 0; c < columns; ++c) {
      const std::int64_t column = c / 4 * kPanel;
      const int width = static_cast<int>(smaller<std::int64_t>(kPanel, s.units - column));
      for (std::int64_t r = rows.begin; r < rows.end; ++r) {
        const float* source = product + (c * s.input + r) * kPanel;
        float* target = op.d_kernel + (r * 4 + c % 4) * s.units + column;
        for (int v = 0; v < width; v += kLanes) {
          const int n = smaller(kLanes, width - v);
          store(target + v, load(target + v, n) + load(source + v), n);
        }
      }
    }
  });
}

/// d_table[rows][panel of inputs] += S Wᵀ.
void table_gradient(const LstmBackward& op, const float* sums, Range rows, std::int64_t panel, float* tiles) {
  const LstmShape& s = op.shape;
  const std::int64_t k = 4 * round_up(s.units, kPanel);
  const float* w_t = op.packed + LstmPanels(s.input, s.units).w_t + panel * k * kPanel;
  multiply_rows(rows.end - rows.begin, k, sums + rows.begin * kPanel, s.vocabulary * kPanel, w_t, tiles, kPanel, false);
  const int width = static_cast<int>(smaller<std::int64_t>(kPanel, s.input - panel * kPanel));
  for (std::int64_t r = rows.begin; r < rows.end; ++r, tiles += kPanel) {
    float* d = op.d_table + r * s.input + panel * kPanel;
    for (int v = 0; v < width; v += kLanes) {
      const int n = smaller(kLanes, width - v);
      store(d + v, load(d + v, n) + load(tiles + v), n);
    }
  }
}

}  // namespace

void lstm_project_table(CpuContext& context, const LstmForward& op) {
  const LstmShape& s = op.shape;
  Gemm g;
  g.m = s.vocabulary;
  g.n = 4 * round_up(s.units, kPanel);
  g.k = s.input;
  g.a = op.table;
  g.lda = s.input;
  g.panels = op.packed;
  g.c = op.workspace + lstm_forward_workspace(s);
  g.c_rows = s.vocabulary;
  gemm(context, g);
}

void lstm_table_gradients(CpuContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const std::int64_t columns = 4 * ceil_div(s.units, kPanel);
  float* sums = op.workspace + lstm_gradient_workspace(s);
  context.parallel_for(columns, 1, s.time * s.batch * kPanel, [&](Range range) { sum_by_id(op, range, sums); });
  kernel_gradient(context, op, sums, op.workspace);
  const Grid grid = choose_grid(ceil_div(s.vocabulary, kTileRows), ceil_div(s.input, kPanel), context.threads());
  context.parallel([&](int index, int) {
    if (index >= grid.rows * grid.columns) return;
    const Range rows = part(s.vocabulary, kTileRows, index / grid.columns, grid.rows);
    const Range panels = part(ceil_div(s.input, kPanel), 1, index % grid.columns, grid.columns);
    for (std::int64_t r = rows.begin; r < rows.end; r += kBlockRows) {
      const Range block{r, smaller(rows.end, r + kBlockRows)};
      for (std::int64_t p = panels.begin; p < panels.end; ++p) {
        table_gradient(op, sums, block, p, context.scratch_tiles(index));
      }
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
