// LSTM backward, one direction. Groups of threads take their batch rows back through time (dz, and dh through Rᵀ);
// then dx, dW, dR and db are one product each over all steps. Equations 8–12 of docs/lstm.md.

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
        ld_(row_stride(op.shape.units)),
        ldz_(row_stride(4 * op.shape.units)),
        dh_(op.workspace + 2 * op.shape.batch * ldz_),
        dc_(dh_ + op.shape.batch * ld_) {}

  void run() {
    for_rows([&](std::int64_t b, std::int64_t u, int n) {
      store(dh_ + b * ld_ + u, Vf{}, n);
      store(dc_ + b * ld_ + u, Vf{}, n);
    });
    for (std::int64_t s = shape_.time - 1; s >= 0; --s) {
      for (std::int64_t b = place_.rows.begin; b < place_.rows.end; ++b) cell(s, b);
      if (s == 0) return;  // nobody asks for the gradient of the start state
      barrier_.wait();
      for (std::int64_t p = place_.panels.begin; p < place_.panels.end; ++p) {
        for (std::int64_t b = place_.rows.begin; b < place_.rows.end; b += kLstmChunk) {
          propagate(s, p, {b, smaller(place_.rows.end, b + kLstmChunk)});
        }
      }
    }
  }

 private:
  template <class F>
  void for_units(Range panels, F f) const {
    const std::int64_t end = smaller(panels.end * kPanel, shape_.units);
    for (std::int64_t u = panels.begin * kPanel; u < end; u += kLanes) {
      f(u, static_cast<int>(smaller<std::int64_t>(kLanes, end - u)));
    }
  }

  template <class F>
  void for_rows(F f) const {
    for (std::int64_t b = place_.rows.begin; b < place_.rows.end; ++b) {
      for_units(place_.panels, [&](std::int64_t u, int n) { f(b, u, n); });
    }
  }

  float* dz(std::int64_t s) const { return op_.workspace + (s & 1) * shape_.batch * ldz_; }

  /// The outside's share of dh at step s of row b; null: none.
  const float* upstream(std::int64_t s, std::int64_t b) const {
    if (!op_.last_only) return op_.dy + (time_.at(s) * shape_.batch + b) * op_.dy_stride;
    return s == shape_.time - 1 ? op_.dy + b * op_.dy_stride : nullptr;
  }

  /// a' in terms of a, times the gradient.
  Vf through_gate(Vf gradient, Vf a) const {
    const Vf one = splat(1.0f);
    if (shape_.gate_activation == GateActivation::sigmoid) return gradient * a * (one - a);
    return (a > Vf{}) & (a < one) ? gradient * splat(0.2f) : Vf{};
  }

  /// dz of one row, and dc for the step before; eq. 8–10.
  void cell(std::int64_t s, std::int64_t b) const {
    const std::int64_t t = time_.at(s);
    const std::int64_t units = shape_.units;
    const bool frozen = time_.frozen(t, b);
    const bool cut = time_.cut(t, b);
    const float* dy = upstream(s, b);
    float* z = op_.gates + (t * shape_.batch + b) * 4 * units;
    float* dz_row = dz(s) + b * ldz_;
    const float* c_before = op_.c + (time_.slot_before(t) * shape_.batch + b) * units;
    const float* c_after = op_.c + (time_.slot_after(t) * shape_.batch + b) * units;
    for_units(place_.panels, [&](std::int64_t u, int n) {
      float* dh = dh_ + b * ld_ + u;
      float* dc = dc_ + b * ld_ + u;
      const Vf dh_total = dy ? load(dh, n) + load(dy + u, n) : load(dh, n);
      Vf d[4] = {};
      if (frozen) {
        store(dh, dh_total, n);
      } else {
        const Vf one = splat(1.0f);
        const Vf i = load(z + u, n), f = load(z + units + u, n), g = load(z + 2 * units + u, n),
                 o = load(z + 3 * units + u, n);
        const Vf squashed = tanh(load(c_after + u, n));
        const Vf dc_total = fma(dh_total * o, one - squashed * squashed, load(dc, n));
        d[0] = through_gate(dc_total * g, i);
        d[1] = cut ? Vf{} : through_gate(dc_total * load(c_before + u, n), f);
        d[2] = dc_total * i * (one - g * g);
        d[3] = through_gate(dh_total * squashed, o);
        store(dc, cut ? Vf{} : dc_total * f, n);
      }
      for (std::int64_t k = 0; k < 4; ++k) {
        store(z + k * units + u, d[k], n);
        store(dz_row + k * units + u, d[k], n);
      }
    });
  }

  /// dh of the step before, one panel of units: Σ_g m_g ∘ (dz_g R_gᵀ); eq. 11.
  void propagate(std::int64_t s, std::int64_t p, Range rows) const {
    const std::int64_t t = time_.at(s);
    const std::int64_t parts = shape_.mask_count == 4 ? 4 : 1;
    const std::int64_t k = 4 * shape_.units / parts;
    const float* panel = op_.packed + layout_.r_t + p * 4 * shape_.units * kPanel;
    for (std::int64_t b = rows.begin; b < rows.end; b += kTileRows) {
      const int count = static_cast<int>(smaller<std::int64_t>(kTileRows, rows.end - b));
      for (std::int64_t g = 0; g < parts; ++g) {
        gemm_tile_rows(count, k, dz(s) + b * ldz_ + g * k, ldz_, panel + g * k * kPanel, sums_ + g * kPanel,
                       parts * kPanel, false);
      }
      for (int r = 0; r < count; ++r) {
        if (!time_.frozen(t, b + r)) put_dh(p, b + r, time_.cut(t, b + r), sums_ + r * parts * kPanel);
      }
    }
  }

  void put_dh(std::int64_t p, std::int64_t b, bool cut, const float* sums) const {
    for_units({p, p + 1}, [&](std::int64_t u, int n) {
      Vf dh{};
      for (std::int64_t g = 0; g < lstm_copies(shape_); ++g) {
        const Vf sum = load(sums + g * kPanel + (u - p * kPanel));
        dh = shape_.mask_count ? fma(load(shape_.masks + (g * shape_.batch + b) * shape_.units + u, n), sum, dh) : sum;
      }
      store(dh_ + b * ld_ + u, cut ? Vf{} : dh, n);
    });
  }

  const LstmBackward& op_;
  const LstmShape& shape_;
  const LstmTime time_;
  const LstmPlace place_;
  SpinBarrier& barrier_;
  float* sums_;
  const LstmPanels layout_;
  const std::int64_t ld_, ldz_;
  float* dh_;
  float* dc_;
};

/// dx = dz Wᵀ.
void input_gradient(CpuContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  Gemm g;
  g.m = s.time * s.batch;
  g.n = s.input;
  g.k = 4 * s.units;
  g.a = op.gates;
  g.lda = 4 * s.units;
  g.panels = op.packed + LstmPanels(s.input, s.units).w_t;
  g.c = op.dx;
  g.ldc = s.input;
  g.add = op.add_dx;
  gemm(context, g);
}

/// dW += xᵀ dz, dR_g += Σ_t (h_{t−1} ∘ m_g)ᵀ dz_g, db += Σ dz; eq. 12.
void weight_gradients(CpuContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const LstmTime time{s};
  Gemm g;
  g.m = s.input;
  g.n = 4 * s.units;
  g.k = s.time * s.batch;
  g.a = op.x;
  g.lda = s.input;
  g.a_transposed = true;
  g.b = op.gates;
  g.ldb = 4 * s.units;
  g.c = op.d_kernel;
  g.ldc = 4 * s.units;
  g.add = true;
  gemm(context, g);

  g.m = s.units;
  g.a = op.h + (s.reverse ? s.batch * s.units : 0);  // the states before each step
  g.lda = s.units;
  const std::int64_t parts = s.mask_count == 4 ? 4 : 1;
  g.n = 4 * s.units / parts;
  for (std::int64_t part = 0; part < parts; ++part) {
    g.filter = time.filter(s.mask_count ? s.masks + part * s.batch * s.units : nullptr);
    g.b = op.gates + part * g.n;
    g.c = op.d_recurrent + part * g.n;
    gemm(context, g);
  }
  column_sums(context, op.gates, s.time * s.batch, 4 * s.units, 4 * s.units, op.d_bias);
}

}  // namespace

void lstm_backward(CpuContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const int members = lstm_members(s, context.threads());
  for (int group = 0; group < lstm_groups(s, context.threads()); ++group) context.barrier(group).reset(members);
  context.parallel([&](int index, int count) {
    const LstmPlace place = lstm_place(s, count, index);
    if (place.rows.empty()) return;
    Backward(op, place, context.barrier(place.group), context.scratch_tiles(index)).run();
  });
  if (op.dx) input_gradient(context, op);
  weight_gradients(context, op);
}

}  // namespace rondo::cpu::RONDO_ISA
