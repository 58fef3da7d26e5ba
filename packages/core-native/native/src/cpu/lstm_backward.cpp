// LSTM backward, one direction. Groups of threads take their batch rows back through time: dz, dh of the step before
// through Rᵀ, and dx through Wᵀ while dz is hot. Equations 8–12 of docs/lstm.md.

#include "cpu/lstm.h"
#include "cpu/vector_math.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

class Backward {
 public:
  Backward(const LstmBackward& op, const LstmPlace& place, SpinBarrier& barrier, float* sums)
      : op_(op),
        shape_(op.shape),
        time_{op.shape},
        place_(place),
        barrier_(barrier),
        sums_(sums),
        layout_(op.shape.input, op.shape.units),
        panel_(op.shape.batch * kPanel),
        dh_(op.workspace),
        dc_(op.workspace + layout_.units * panel_) {}

  void run() {
    for_rows(place_.panels, [&](std::int64_t p, std::int64_t b) {
      for (int v = 0; v < kPanel; v += kLanes) {
        store(dh_ + p * panel_ + b * kPanel + v, Vf{});
        store(dc_ + p * panel_ + b * kPanel + v, Vf{});
      }
    });
    const Range inputs = part(ceil_div(shape_.input, kPanel), 1, place_.member, place_.members);
    for (std::int64_t s = shape_.time - 1; s >= 0; --s) {
      for_rows(place_.panels, [&](std::int64_t p, std::int64_t b) { cell(s, p, b); });
      barrier_.wait();
      if (s > 0) for_blocks(place_.panels, [&](std::int64_t p, Range rows) { propagate(s, p, rows); });
      if (op_.dx) for_blocks(inputs, [&](std::int64_t p, Range rows) { input_gradient(s, p, rows); });
    }
  }

 private:
  template <class F>
  void for_rows(Range panels, F f) const {
    for (std::int64_t p = panels.begin; p < panels.end; ++p) {
      for (std::int64_t b = place_.rows.begin; b < place_.rows.end; ++b) f(p, b);
    }
  }

  template <class F>
  void for_blocks(Range panels, F f) const {
    for (std::int64_t b = place_.rows.begin; b < place_.rows.end; b += kLstmRows) {
      const Range rows{b, smaller(place_.rows.end, b + kLstmRows)};
      for (std::int64_t p = panels.begin; p < panels.end; ++p) f(p, rows);
    }
  }

  /// f(first lane, lanes that exist: 0 … kLanes) for the vectors of one panel of a matrix with `columns` columns.
  template <class F>
  static void for_lanes(std::int64_t columns, std::int64_t p, F f) {
    const int width = static_cast<int>(smaller<std::int64_t>(kPanel, columns - p * kPanel));
    for (int v = 0; v < kPanel; v += kLanes) f(v, larger(0, smaller(kLanes, width - v)));
  }

  /// Gates, then dz, of one row and one panel of units: four of them, panel_ apart.
  float* gates(std::int64_t t, std::int64_t p, std::int64_t b) const {
    return op_.gates + (t * layout_.units + p) * 4 * panel_ + b * kPanel;
  }

  /// The outside's share of dh at step s of row b; null: none.
  const float* upstream(std::int64_t s, std::int64_t b) const {
    if (!op_.last_only) return op_.dy + (time_.at(s) * shape_.batch + b) * op_.dy_stride;
    return s == shape_.time - 1 ? op_.dy + b * op_.dy_stride : nullptr;
  }

  /// a' in terms of a, times the gradient.
  Vf through_gate(Vf gradient, Vf a) const {
    const Vf one = splat(1.0f);
    if (shape_.gate_activation == GateActivation::sigmoid) return gradient * a * (one - a);
    return ((a > Vf{}) & (a < one)) ? gradient * splat(0.2f) : Vf{};
  }

  /// dz of one row and one panel of units, and dc for the step before; eq. 8–10.
  void cell(std::int64_t s, std::int64_t p, std::int64_t b) const {
    const std::int64_t t = time_.at(s);
    const std::int64_t units = shape_.units;
    const bool frozen = time_.frozen(t, b);
    const bool cut = time_.cut(t, b);
    const float* dy = upstream(s, b);
    float* z = gates(t, p, b);
    const float* c_before = op_.c + (time_.slot_before(t) * shape_.batch + b) * units + p * kPanel;
    const float* c_after = op_.c + (time_.slot_after(t) * shape_.batch + b) * units + p * kPanel;
    for_lanes(units, p, [&](int v, int n) {
      float* dh = dh_ + p * panel_ + b * kPanel + v;
      float* dc = dc_ + p * panel_ + b * kPanel + v;
      const Vf dh_total = dy ? load(dh) + load(dy + p * kPanel + v, n) : load(dh);
      Vf d[4] = {};
      if (frozen) {
        store(dh, dh_total);
      } else {
        const Vf one = splat(1.0f);
        const Vf i = load(z + v), f = load(z + panel_ + v), g = load(z + 2 * panel_ + v), o = load(z + 3 * panel_ + v);
        const Vf squashed = tanh(load(c_after + v, n));
        const Vf dc_total = fma(dh_total * o, one - squashed * squashed, load(dc));
        d[0] = through_gate(dc_total * g, i);
        d[1] = cut ? Vf{} : through_gate(dc_total * load(c_before + v, n), f);
        d[2] = dc_total * i * (one - g * g);
        d[3] = through_gate(dh_total * squashed, o);
        store(dc, cut ? Vf{} : dc_total * f);
      }
      for (std::int64_t k = 0; k < 4; ++k) store(z + k * panel_ + v, d[k]);
    });
  }

  /// dh of the step before, one panel of units: Σ_g m_g ∘ (dz_g R_gᵀ); eq. 11.
  void propagate(std::int64_t s, std::int64_t p, Range rows) const {
    const std::int64_t t = time_.at(s), k = layout_.units * kPanel;
    const std::int64_t parts = lstm_copies(shape_);
    for (std::int64_t g = 0; g < 4; ++g) {
      multiply_rows(rows.end - rows.begin, k, gates(t, 0, rows.begin) + g * panel_, 4 * panel_,
                    op_.packed + layout_.r_t + (p * 4 + g) * k * kPanel, sums_ + g % parts * kPanel, parts * kPanel,
                    g >= parts);
    }
    for (std::int64_t b = rows.begin; b < rows.end; ++b) {
      if (!time_.frozen(t, b)) put_dh(p, b, time_.cut(t, b), sums_ + (b - rows.begin) * parts * kPanel);
    }
  }

  void put_dh(std::int64_t p, std::int64_t b, bool cut, const float* sums) const {
    for_lanes(shape_.units, p, [&](int v, int n) {
      Vf dh{};
      for (std::int64_t g = 0; g < lstm_copies(shape_); ++g) {
        const Vf sum = load(sums + g * kPanel + v);
        const float* mask = shape_.masks + (g * shape_.batch + b) * shape_.units + p * kPanel + v;
        dh = shape_.mask_count ? fma(load(mask, n), sum, dh) : sum;
      }
      store(dh_ + p * panel_ + b * kPanel + v, cut ? Vf{} : dh);
    });
  }

  /// dx of step s, one panel of inputs: dz Wᵀ; eq. 12.
  void input_gradient(std::int64_t s, std::int64_t p, Range rows) const {
    const std::int64_t t = time_.at(s), k = 4 * layout_.units * kPanel;
    multiply_rows(rows.end - rows.begin, k, gates(t, 0, rows.begin), panel_, op_.packed + layout_.w_t + p * k * kPanel,
                  sums_, kPanel, false);
    float* dx = op_.dx + (t * shape_.batch + rows.begin) * shape_.input + p * kPanel;
    for (std::int64_t b = 0; b < rows.end - rows.begin; ++b, dx += shape_.input) {
      for_lanes(shape_.input, p, [&](int v, int n) {
        const Vf sum = load(sums_ + b * kPanel + v);
        store(dx + v, op_.add_dx ? load(dx + v, n) + sum : sum, n);
      });
    }
  }

  const LstmBackward& op_;
  const LstmShape& shape_;
  const LstmTime time_;
  const LstmPlace place_;
  SpinBarrier& barrier_;
  float* sums_;
  const LstmPanels layout_;
  const std::int64_t panel_;
  float* dh_;
  float* dc_;
};

}  // namespace

void lstm_backward(CpuContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const LstmTeams teams = lstm_teams(s, context.threads());
  for (int group = 0; group < teams.groups; ++group) context.barrier(group).reset(teams.members);
  context.parallel([&](int index, int) {
    const LstmPlace place = lstm_place(s, teams, index);
    if (place.rows.empty()) return;
    Backward(op, place, context.barrier(place.group), context.scratch_tiles(index)).run();
  });
  lstm_weight_gradients(context, op);
  if (s.vocabulary > 0) lstm_table_gradients(context, op);
}

}  // namespace rondo::cpu::RONDO_ISA
