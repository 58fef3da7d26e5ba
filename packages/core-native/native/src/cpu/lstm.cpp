// LSTM forward, one direction. Every group of threads takes its batch rows through time; per panel of units the four
// gates' x W + h R, and the point-wise part on the sums while they are hot. With few rows, x W of all steps is one
// product before; with a table, its rows are. Equations 1–7 of docs/lstm.md.

#include "cpu/lstm.h"

#include "cpu/vector_math.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

class Forward {
 public:
  Forward(const LstmForward& op, const LstmPlace& place, SpinBarrier& barrier, float* sums)
      : op_(op),
        shape_(op.shape),
        time_{op.shape},
        place_(place),
        barrier_(barrier),
        sums_(sums),
        layout_(op.shape.input, op.shape.units),
        copies_(lstm_copies(op.shape)),
        panel_(op.shape.batch * kPanel),
        input_panels_(ceil_div(op.shape.input, kPanel)),
        projected_(lstm_projects_first(op.shape)) {}

  void run() {
    start();
    for (std::int64_t s = 0; s < shape_.time; ++s) {
      barrier_.wait();
      for (std::int64_t b = place_.rows.begin; b < place_.rows.end; b += kLstmRows) {
        const Range rows{b, smaller(place_.rows.end, b + kLstmRows)};
        for (std::int64_t p = place_.panels.begin; p < place_.panels.end; ++p) {
          multiply(s, p, rows);
          for (std::int64_t row = rows.begin; row < rows.end; ++row) cell(s, p, row, sums_ + (row - b) * 4 * kPanel);
        }
      }
      put_input(s + 1);
    }
  }

 private:
  /// x and masked h as the products read them, in panels; buffers alternate between steps.
  float* input(std::int64_t s) const { return op_.workspace + (s & 1) * input_panels_ * panel_; }
  float* masked(std::int64_t s, std::int64_t gate) const {
    return op_.workspace + (2 * input_panels_ + ((s & 1) * copies_ + gate) * layout_.units) * panel_;
  }
  /// Gates of one row and one panel of units: four of them, panel_ apart.
  float* gates(std::int64_t t, std::int64_t p, std::int64_t b) const {
    return op_.gates + (t * layout_.units + p) * 4 * panel_ + b * kPanel;
  }

  /// This member's panels of x for step s.
  void put_input(std::int64_t s) const {
    if (s >= shape_.time || takes_sums()) return;
    const Range panels = part(input_panels_, 1, place_.member, place_.members);
    const float* x = op_.x + time_.at(s) * shape_.batch * shape_.input;
    for (std::int64_t b = place_.rows.begin; b < place_.rows.end; ++b) {
      for (std::int64_t p = panels.begin; p < panels.end; ++p) {
        const std::int64_t n = smaller<std::int64_t>(kPanel, shape_.input - p * kPanel);
        std::memcpy(input(s) + p * panel_ + b * kPanel, x + b * shape_.input + p * kPanel,
                    sizeof(float) * static_cast<std::size_t>(n));
      }
    }
  }

  /// h ∘ m for step s, lanes [v, v + n) of panel p of row b; zero behind a border.
  void put_masked(std::int64_t s, std::int64_t b, std::int64_t p, int v, int n, Vf h) const {
    if (s >= shape_.time) return;
    if (time_.cut(time_.at(s), b)) h = Vf{};
    const float* mask = shape_.masks + b * shape_.units + p * kPanel + v;
    for (std::int64_t g = 0; g < copies_; ++g) {
      const Vf m = shape_.mask_count ? load(mask + g * shape_.batch * shape_.units, n) : splat(1.0f);
      store(masked(s, g) + p * panel_ + b * kPanel + v, h * m);
    }
  }

  void start() const {
    put_input(0);
    const float* h0 = op_.h + time_.slot_before(time_.at(0)) * shape_.batch * shape_.units;
    for (std::int64_t p = place_.panels.begin; p < place_.panels.end; ++p) {
      for (std::int64_t b = place_.rows.begin; b < place_.rows.end; ++b) {
        for_lanes(p, [&](int v, int n) { put_masked(0, b, p, v, n, load(h0 + b * shape_.units + p * kPanel + v, n)); });
      }
    }
  }

  /// f(first lane, lanes that exist: 0 … kLanes) for the vectors of a panel of units.
  template <class F>
  void for_lanes(std::int64_t p, F f) const {
    const int width = static_cast<int>(smaller<std::int64_t>(kPanel, shape_.units - p * kPanel));
    for (int v = 0; v < kPanel; v += kLanes) f(v, larger(0, smaller(kLanes, width - v)));
  }

  /// sums[row][gate][kPanel] = x W_g + (h ∘ m_g) R_g for one panel of units.
  void multiply(std::int64_t s, std::int64_t p, Range rows) const {
    const std::int64_t count = rows.end - rows.begin, first = rows.begin * kPanel;
    if (count == 1 && copies_ == 1) return multiply_one(s, p, rows);
    for (std::int64_t g = 0; g < 4; ++g) {
      const float* w = op_.packed + layout_.w + (p * 4 + g) * shape_.input * kPanel;
      const float* r = op_.packed + layout_.r + (p * 4 + g) * shape_.units * kPanel;
      if (takes_sums()) {
        take_sums(s, p, g, rows);
      } else {
        multiply_rows(count, shape_.input, input(s) + first, panel_, w, sums_ + g * kPanel, 4 * kPanel, false);
      }
      multiply_rows(count, shape_.units, masked(s, copies_ == 4 ? g : 0) + first, panel_, r, sums_ + g * kPanel,
                    4 * kPanel, true);
    }
  }

  /// The same for one row, all gates at once.
  void multiply_one(std::int64_t s, std::int64_t p, Range row) const {
    const std::int64_t first = row.begin * kPanel, inputs = shape_.input, units = shape_.units;
    const float* w = op_.packed + layout_.w + p * 4 * inputs * kPanel;
    const float* r = op_.packed + layout_.r + p * 4 * units * kPanel;
    if (takes_sums()) {
      for (std::int64_t g = 0; g < 4; ++g) take_sums(s, p, g, row);
    } else {
      multiply_row(inputs, input(s) + first, panel_, w, inputs * kPanel, sums_, false);
    }
    multiply_row(units, masked(s, 0) + first, panel_, r, units * kPanel, sums_, true);
  }

  /// Whether x W of every step is known before the loop.
  bool takes_sums() const { return projected_ || shape_.vocabulary > 0; }
  void take_sums(std::int64_t s, std::int64_t p, std::int64_t g, Range rows) const {
    projected_ ? take_projection(s, p, g, rows) : take_table_rows(s, p, g, rows);
  }

  void take_projection(std::int64_t s, std::int64_t p, std::int64_t g, Range rows) const {
    const float* z = gates(time_.at(s), p, rows.begin) + g * panel_;
    for (std::int64_t b = 0; b < rows.end - rows.begin; ++b) {
      std::memcpy(sums_ + (b * 4 + g) * kPanel, z + b * kPanel, sizeof(float) * kPanel);
    }
  }

  void take_table_rows(std::int64_t s, std::int64_t p, std::int64_t g, Range rows) const {
    const float* table = op_.workspace + lstm_forward_workspace(shape_) + (p * 4 + g) * shape_.vocabulary * kPanel;
    const std::int32_t* ids = shape_.ids + time_.at(s) * shape_.batch + rows.begin;
    for (std::int64_t b = 0; b < rows.end - rows.begin; ++b) {
      std::memcpy(sums_ + (b * 4 + g) * kPanel, table + ids[b] * kPanel, sizeof(float) * kPanel);
    }
  }

  Vf gate(Vf z) const { return shape_.gate_activation == GateActivation::sigmoid ? sigmoid(z) : hard_sigmoid(z); }

  /// Gates and states of one row and one panel of units; eq. 2–7.
  void cell(std::int64_t s, std::int64_t p, std::int64_t b, const float* sums) const {
    const std::int64_t t = time_.at(s);
    const std::int64_t units = shape_.units;
    const std::int64_t before = (time_.slot_before(t) * shape_.batch + b) * units + p * kPanel;
    const std::int64_t after = (time_.slot_after(t) * shape_.batch + b) * units + p * kPanel;
    const bool frozen = time_.frozen(t, b);
    const bool cut = time_.cut(t, b);
    const float* bias = op_.bias + p * kPanel;
    float* z = gates(t, p, b);
    for_lanes(p, [&](int v, int n) {
      const Vf i = gate(load(sums + v) + load(bias + v, n));
      const Vf f = gate(load(sums + kPanel + v) + load(bias + units + v, n));
      const Vf g = tanh(load(sums + 2 * kPanel + v) + load(bias + 2 * units + v, n));
      const Vf o = gate(load(sums + 3 * kPanel + v) + load(bias + 3 * units + v, n));
      const Vf c_before = load(op_.c + before + v, n);
      Vf c = fma(f, cut ? Vf{} : c_before, i * g);
      Vf h = o * tanh(c);
      if (frozen) {
        c = c_before;
        h = load(op_.h + before + v, n);
      }
      store(z + v, i);
      store(z + panel_ + v, f);
      store(z + 2 * panel_ + v, g);
      store(z + 3 * panel_ + v, o);
      store(op_.c + after + v, c, n);
      store(op_.h + after + v, h, n);
      put_masked(s + 1, b, p, v, n, h);
    });
  }

  const LstmForward& op_;
  const LstmShape& shape_;
  const LstmTime time_;
  const LstmPlace place_;
  SpinBarrier& barrier_;
  float* sums_;
  const LstmPanels layout_;
  const std::int64_t copies_, panel_, input_panels_;
  const bool projected_;
};

/// x W of all steps into the gates.
void project(CpuContext& context, const LstmForward& op) {
  const LstmShape& s = op.shape;
  const std::int64_t panels = 4 * LstmPanels(s.input, s.units).units;
  Gemm g;
  g.m = s.time * s.batch;
  g.n = panels * kPanel;
  g.k = s.input;
  g.a = op.x;
  g.lda = s.input;
  g.panels = op.packed;
  g.c = op.gates;
  g.c_rows = s.batch;
  g.c_step = panels * s.batch;
  gemm(context, g);
}

}  // namespace

void lstm_forward(CpuContext& context, const LstmForward& op) {
  const LstmShape& s = op.shape;
  if (lstm_projects_first(s)) project(context, op);
  if (s.vocabulary > 0) lstm_project_table(context, op);
  const LstmTeams teams = lstm_teams(s, context.threads());
  for (int group = 0; group < teams.groups; ++group) context.barrier(group).reset(teams.members);
  context.parallel([&](int index, int) {
    const LstmPlace place = lstm_place(s, teams, index);
    if (place.rows.empty()) return;
    Forward(op, place, context.barrier(place.group), context.scratch_tiles(index)).run();
  });
}

}  // namespace rondo::cpu::RONDO_ISA
