// LSTM forward, one direction. x W + b for all steps is one product; then every group of threads takes its batch rows
// through time: per panel of units the four gates' h R, and the point-wise part on the sums while they are hot.
// Equations 1–7 of docs/lstm.md.

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
        ld_(row_stride(op.shape.units)) {}

  void run() {
    start();
    for (std::int64_t s = 0; s < shape_.time; ++s) {
      barrier_.wait();
      for (std::int64_t p = place_.panels.begin; p < place_.panels.end; ++p) {
        for (std::int64_t b = place_.rows.begin; b < place_.rows.end; b += kLstmChunk) {
          const Range rows{b, smaller(place_.rows.end, b + kLstmChunk)};
          multiply(s, p, rows);
          for (std::int64_t row = rows.begin; row < rows.end; ++row) cell(s, p, row, sums_ + (row - b) * 4 * kPanel);
        }
      }
    }
  }

 private:
  /// Masked h as the product reads it: buffers alternate between steps.
  float* masked(std::int64_t s, std::int64_t gate) const {
    return op_.workspace + ((s & 1) * copies_ + gate) * shape_.batch * ld_;
  }

  /// h ∘ m for step s, units [u, u + n) of row b; zero behind a border.
  void put_masked(std::int64_t s, std::int64_t b, std::int64_t u, int n, Vf h) const {
    if (s >= shape_.time) return;
    if (time_.cut(time_.at(s), b)) h = Vf{};
    for (std::int64_t g = 0; g < copies_; ++g) {
      const Vf m = shape_.mask_count ? load(shape_.masks + (g * shape_.batch + b) * shape_.units + u, n) : splat(1.0f);
      store(masked(s, g) + b * ld_ + u, h * m, n);
    }
  }

  void start() const {
    const float* h0 = op_.h + time_.slot_before(time_.at(0)) * shape_.batch * shape_.units;
    for (std::int64_t b = place_.rows.begin; b < place_.rows.end; ++b) {
      for_units(place_.panels,
                [&](std::int64_t u, int n) { put_masked(0, b, u, n, load(h0 + b * shape_.units + u, n)); });
    }
  }

  template <class F>
  void for_units(Range panels, F f) const {
    const std::int64_t end = smaller(panels.end * kPanel, shape_.units);
    for (std::int64_t u = panels.begin * kPanel; u < end; u += kLanes) {
      f(u, static_cast<int>(smaller<std::int64_t>(kLanes, end - u)));
    }
  }

  /// sums[row][gate][kPanel] = (h ∘ m_g) R_g for one panel of units.
  void multiply(std::int64_t s, std::int64_t p, Range rows) const {
    for (std::int64_t g = 0; g < 4; ++g) {
      const float* panel = op_.packed + layout_.r + g * layout_.r_gate + p * shape_.units * kPanel;
      const float* h = masked(s, copies_ == 4 ? g : 0);
      for (std::int64_t b = rows.begin; b < rows.end; b += kTileRows) {
        const int count = static_cast<int>(smaller<std::int64_t>(kTileRows, rows.end - b));
        gemm_tile_rows(count, shape_.units, h + b * ld_, ld_, panel, sums_ + ((b - rows.begin) * 4 + g) * kPanel,
                       4 * kPanel, false);
      }
    }
  }

  Vf gate(Vf z) const { return shape_.gate_activation == GateActivation::sigmoid ? sigmoid(z) : hard_sigmoid(z); }

  /// Gates and states of one row and one panel of units; eq. 2–7.
  void cell(std::int64_t s, std::int64_t p, std::int64_t b, const float* sums) const {
    const std::int64_t t = time_.at(s);
    const std::int64_t units = shape_.units;
    const std::int64_t before = (time_.slot_before(t) * shape_.batch + b) * units;
    const std::int64_t after = (time_.slot_after(t) * shape_.batch + b) * units;
    const bool frozen = time_.frozen(t, b);
    const bool cut = time_.cut(t, b);
    float* z = op_.gates + (t * shape_.batch + b) * 4 * units;
    for_units({p, p + 1}, [&](std::int64_t u, int n) {
      const float* sum = sums + (u - p * kPanel);
      const Vf i = gate(load(z + u, n) + load(sum));
      const Vf f = gate(load(z + units + u, n) + load(sum + kPanel));
      const Vf g = tanh(load(z + 2 * units + u, n) + load(sum + 2 * kPanel));
      const Vf o = gate(load(z + 3 * units + u, n) + load(sum + 3 * kPanel));
      const Vf c_before = load(op_.c + before + u, n);
      Vf c = fma(f, cut ? Vf{} : c_before, i * g);
      Vf h = o * tanh(c);
      if (frozen) {
        c = c_before;
        h = load(op_.h + before + u, n);
      }
      store(z + u, i, n);
      store(z + units + u, f, n);
      store(z + 2 * units + u, g, n);
      store(z + 3 * units + u, o, n);
      store(op_.c + after + u, c, n);
      store(op_.h + after + u, h, n);
      put_masked(s + 1, b, u, n, h);
    });
  }

  const LstmForward& op_;
  const LstmShape& shape_;
  const LstmTime time_;
  const LstmPlace place_;
  SpinBarrier& barrier_;
  float* sums_;
  const LstmPanels layout_;
  const std::int64_t copies_, ld_;
};

}  // namespace

void lstm_pack(CpuContext& context, const LstmPack& op) {
  const LstmPanels layout(op.input, op.units);
  const std::int64_t ld = 4 * op.units;
  auto pack = [&](const float* b, bool transposed, std::int64_t k, std::int64_t n, float* out) {
    context.parallel_for(n, kPanel, k, [&](Range columns) {
      pack_panels(b, ld, transposed, 0, k, columns.begin, columns.end - columns.begin, out + columns.begin * k);
    });
  };
  pack(op.kernel, false, op.input, ld, op.packed + layout.w);
  for (std::int64_t g = 0; g < 4; ++g) {
    pack(op.recurrent + g * op.units, false, op.units, op.units, op.packed + layout.r + g * layout.r_gate);
  }
  if (!op.transposes) return;
  pack(op.kernel, true, ld, op.input, op.packed + layout.w_t);
  pack(op.recurrent, true, ld, op.units, op.packed + layout.r_t);
}

void lstm_forward(CpuContext& context, const LstmForward& op) {
  const LstmShape& s = op.shape;
  Gemm projection;  // eq. 1: z = x W + b
  projection.m = s.time * s.batch;
  projection.n = 4 * s.units;
  projection.k = s.input;
  projection.a = op.x;
  projection.lda = s.input;
  projection.panels = op.packed;
  projection.c = op.gates;
  projection.ldc = 4 * s.units;
  projection.bias = op.bias;
  gemm(context, projection);

  const int members = lstm_members(s, context.threads());
  for (int group = 0; group < lstm_groups(s, context.threads()); ++group) context.barrier(group).reset(members);
  context.parallel([&](int index, int count) {
    const LstmPlace place = lstm_place(s, count, index);
    if (place.rows.empty()) return;
    Forward(op, place, context.barrier(place.group), context.scratch_tiles(index)).run();
  });
}

}  // namespace rondo::cpu::RONDO_ISA
