// dW += Σ xᵀ dz, dR_g += Σ (h′ ∘ m_g)ᵀ dz_g, db += Σ dz: equation 12 of docs/lstm.md. One pass over the steps, in
// blocks of about kBlockK rows; dz lies in panels, which is the order that the products read. Threads own rectangles of
// dW and dR, which they sum in panels too and add to the gradients at the end.

#include "cpu/lstm.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// Rows of dz (and of x and h) of one block: runs of `length` rows of consecutive steps.
struct RowBlock {
  std::int64_t t, b, runs, length;
  std::int64_t size() const { return runs * length; }
};

/// Part `index` of `count` of a range.
Range inside(Range range, int index, int count) {
  const Range r = part(range.end - range.begin, 1, index, count);
  return {range.begin + r.begin, range.begin + r.end};
}

class WeightGradients {
 public:
  WeightGradients(const LstmBackward& op, Range panels, int part, int parts, float* scratch)
      : op_(op),
        shape_(op.shape),
        panel_count_(LstmPanels(op.shape.input, op.shape.units).units),
        panels_(panels),
        x_rows_(RONDO_ISA::part(op.shape.input, 1, part, parts)),
        h_rows_(RONDO_ISA::part(op.shape.units, 1, part, parts)),
        bias_panels_(inside(panels, part, parts)),
        scratch_(scratch),
        dw_(op.workspace),
        dr_(op.workspace + 4 * panel_count_ * op.shape.input * kPanel) {}

  void run() {
    const std::int64_t steps = larger<std::int64_t>(1, kBlockK / shape_.batch);
    for (std::int64_t t = 0; t < shape_.time; t += steps) {
      for (std::int64_t b = 0; b < shape_.batch; b += kBlockK) {
        block({t, b, smaller(steps, shape_.time - t), smaller(kBlockK, shape_.batch - b)});
      }
    }
    if (shape_.vocabulary == 0) add(dw_, shape_.input, x_rows_, op_.d_kernel);
    add(dr_, shape_.units, h_rows_, op_.d_recurrent);
  }

 private:
  void block(const RowBlock& rows) const {
    if (shape_.vocabulary == 0) product(rows, op_.x, shape_.input, {}, {0, 4}, x_rows_, dw_);
    const float* h = op_.h + (shape_.reverse ? shape_.batch * shape_.units : 0);  // the states before each step
    const std::int64_t parts = lstm_copies(shape_);
    for (std::int64_t g = 0; g < parts; ++g) {
      const float* mask = shape_.mask_count ? shape_.masks + g * shape_.batch * shape_.units : nullptr;
      product(rows, h, shape_.units, LstmTime{shape_}.filter(mask), {g * 4 / parts, (g + 1) * 4 / parts}, h_rows_, dr_);
    }
    bias(rows);
  }

  const float* dz(const RowBlock& rows, std::int64_t p, std::int64_t g) const {
    return op_.gates + (((rows.t * panel_count_ + p) * 4 + g) * shape_.batch + rows.b) * kPanel;
  }
  std::int64_t step_stride() const { return panel_count_ * 4 * shape_.batch * kPanel; }

  /// out[panel][gate][row][kPanel] (+)= aᵀ dz for the gates given, of `size` rows the range given.
  void product(const RowBlock& rows, const float* a, std::int64_t size, const RowFilter& filter, Range gates,
               Range range, float* out) const {
    for (std::int64_t r0 = range.begin; r0 < range.end; r0 += kBlockTransposed) {
      const std::int64_t count = smaller(kBlockTransposed, range.end - r0);
      pack_columns(a, size, filter, r0, count, rows.t * shape_.batch + rows.b, rows.size(), scratch_);
      for (std::int64_t p = panels_.begin; p < panels_.end; ++p) {
        for (std::int64_t g = gates.begin; g < gates.end; ++g) {
          tiles(rows, count, dz(rows, p, g), out + ((p * 4 + g) * size + r0) * kPanel);
        }
      }
    }
  }

  void tiles(const RowBlock& rows, std::int64_t count, const float* b, float* out) const {
    const RowTiles all(count);
    for (std::int64_t i = 0; i < all.count; ++i) {
      TileProduct p;
      p.k = rows.size();
      p.run = rows.length;
      p.a = scratch_ + all.begin(i) * p.k;
      p.a_stride = all.size(i) * p.run;
      p.b = b;
      p.b_stride = step_stride();
      gemm_tile_columns(all.size(i), p, out + all.begin(i) * kPanel, kPanel, rows.t + rows.b > 0);
    }
  }

  void bias(const RowBlock& rows) const {
    for (std::int64_t p = bias_panels_.begin; p < bias_panels_.end; ++p) {
      for (std::int64_t g = 0; g < 4; ++g) {
        for (int v = 0; v < kPanel; v += kLanes) {
          const std::int64_t column = p * kPanel + v;
          if (column >= shape_.units) continue;
          float* out = op_.d_bias + g * shape_.units + column;
          const int n = static_cast<int>(smaller<std::int64_t>(kLanes, shape_.units - column));
          store(out, load(out, n) + column_sum(rows, dz(rows, p, g) + v), n);
        }
      }
    }
  }

  Vf column_sum(const RowBlock& rows, const float* z) const {
    Vf sum{};
    for (std::int64_t q = 0; q < rows.runs; ++q, z += step_stride()) {
      for (std::int64_t i = 0; i < rows.length; ++i) sum += load(z + i * kPanel);
    }
    return sum;
  }

  void add(const float* sums, std::int64_t size, Range range, float* gradient) const {
    for (std::int64_t r = range.begin; r < range.end; ++r) {
      for (std::int64_t p = panels_.begin; p < panels_.end; ++p) {
        for (std::int64_t g = 0; g < 4; ++g) {
          const float* source = sums + ((p * 4 + g) * size + r) * kPanel;
          float* target = gradient + (r * 4 + g) * shape_.units + p * kPanel;
          const int width = static_cast<int>(smaller<std::int64_t>(kPanel, shape_.units - p * kPanel));
          for (int v = 0; v < width; v += kLanes) {
            const int n = smaller(kLanes, width - v);
            store(target + v, load(target + v, n) + load(source + v), n);
          }
        }
      }
    }
  }

  const LstmBackward& op_;
  const LstmShape& shape_;
  const std::int64_t panel_count_;
  const Range panels_, x_rows_, h_rows_, bias_panels_;
  float* scratch_;
  float* dw_;
  float* dr_;
};

/// The grid with the least work for its busiest thread, in products of a row and a panel. Each thread packs the rows
/// of x and h that it owns, masked for each gate where the gates' masks differ: rows are split before panels are.
Grid gradient_grid(const LstmShape& s, std::int64_t panels, int threads) {
  constexpr double kPacking = 0.3;  // of one row, beside its product with one panel
  Grid best;
  double best_cost = -1;
  for (int rows = 1; rows <= threads && rows <= s.units; ++rows) {
    const int columns = static_cast<int>(smaller<std::int64_t>(threads / rows, panels));
    const std::int64_t tall = ceil_div(s.units, rows), wide = ceil_div(panels, columns);
    const double row = 4 * static_cast<double>(wide) + kPacking * static_cast<double>(lstm_copies(s));
    const double cost = static_cast<double>(round_up(tall, kTileRows / 2)) * row;
    if (best_cost >= 0 && cost >= best_cost) continue;
    best_cost = cost;
    best = {rows, columns};
  }
  return best;
}

}  // namespace

void lstm_weight_gradients(CpuContext& context, const LstmBackward& op) {
  const std::int64_t panels = ceil_div(op.shape.units, kPanel);
  const Grid grid = gradient_grid(op.shape, panels, context.threads());
  context.parallel([&](int index, int) {
    if (index >= grid.rows * grid.columns) return;
    const Range mine = part(panels, 1, index % grid.columns, grid.columns);
    if (mine.empty()) return;
    WeightGradients(op, mine, index / grid.columns, grid.rows, context.scratch_a(index)).run();
  });
}

}  // namespace rondo::cpu::RONDO_ISA
