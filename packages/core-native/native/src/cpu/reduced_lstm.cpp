// An LSTM layer on reduced weights: x W of all steps, then step by step h R and the cell. Threads split the units and
// meet once per step. Equations 1–6 of docs/lstm.md.

#include "cpu/reduced.h"
#include "cpu/vector_math.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

class ReducedForward {
 public:
  ReducedForward(const ReducedLstm& op, Range panels, SpinBarrier& barrier, float* sums)
      : op_(op),
        kernel_({op.precision, op.input, 4 * op.units, true}),
        recurrent_({op.precision, op.units, 4 * op.units, true}),
        panels_(panels),
        barrier_(barrier),
        sums_(sums) {}

  void run() const {
    const std::int64_t rows = op_.time * op_.batch;
    for (std::int64_t p = panels_.begin; p < panels_.end; ++p) {
      reduced_multiply(op_.precision, op_.kernel + p * kernel_.stride, rows, op_.input, op_.x, projection(p));
    }
    for (std::int64_t t = 0; t < op_.time; ++t) {
      if (t > 0) barrier_.wait();
      for (std::int64_t p = panels_.begin; p < panels_.end; ++p) step(t, p);
    }
  }

 private:
  float* projection(std::int64_t p) const { return op_.workspace + p * op_.time * op_.batch * kWide; }
  std::int64_t state(std::int64_t t) const { return t * op_.batch * op_.units; }

  void step(std::int64_t t, std::int64_t p) const {
    const float* x = projection(p) + t * op_.batch * kWide;
    const char* weights = op_.recurrent + p * recurrent_.stride;
    for (std::int64_t b = 0; b < op_.batch; b += kRowsAtOnce) {
      const std::int64_t rows = smaller(kRowsAtOnce, op_.batch - b);
      reduced_multiply(op_.precision, weights, rows, op_.units, op_.h + state(t) + b * op_.units, sums_);
      for (std::int64_t r = 0; r < rows; ++r) cell(t, p, b + r, x + (b + r) * kWide, sums_ + r * kWide);
    }
  }

  Vf gate(Vf z) const { return op_.gate_activation == GateActivation::sigmoid ? sigmoid(z) : hard_sigmoid(z); }

  void cell(std::int64_t t, std::int64_t p, std::int64_t b, const float* x, const float* sums) const {
    const std::int64_t before = state(t) + b * op_.units + p * kPanel, after = before + op_.batch * op_.units;
    const std::int64_t width = smaller<std::int64_t>(kPanel, op_.units - p * kPanel);
    for (int v = 0; v < width; v += kLanes) {
      const int n = static_cast<int>(smaller<std::int64_t>(kLanes, width - v));
      auto z = [&](int g) {
        const float* bias = op_.bias + g * op_.units + p * kPanel + v;
        return load(x + g * kPanel + v) + load(sums + g * kPanel + v) + load(bias, n);
      };
      const Vf i = gate(z(0)), f = gate(z(1)), g = tanh(z(2)), o = gate(z(3));
      const Vf c = fma(f, load(op_.c + before + v, n), i * g);
      store(op_.c + after + v, c, n);
      store(op_.h + after + v, o * tanh(c), n);
    }
  }

  static constexpr std::int64_t kRowsAtOnce = kBlockRows;  // sums of a thread's scratch
  const ReducedLstm& op_;
  const ReducedPanels kernel_, recurrent_;
  const Range panels_;
  SpinBarrier& barrier_;
  float* sums_;
};

}  // namespace

void reduced_lstm(CpuContext& context, const ReducedLstm& op) {
  static_assert(CpuContext::kScratchTiles >= kBlockRows * kWide);
  constexpr std::int64_t kWorthAThread = 1 << 16;  // multiply-adds of one step
  const std::int64_t panels = ceil_div(op.units, kPanel);
  const std::int64_t work = op.batch * panels * kWide * (op.input + op.units);
  const int threads = work < kWorthAThread ? 1 : context.threads();
  const int members = static_cast<int>(smaller<std::int64_t>(threads, panels));
  context.barrier(0).reset(members);
  auto member = [&](int index) {
    if (index >= members) return;
    ReducedForward(op, part(panels, 1, index, members), context.barrier(0), context.scratch_tiles(index)).run();
  };
  if (members == 1) return member(0);
  context.parallel([&](int index, int) { member(index); });
}

}  // namespace rondo::cpu::RONDO_ISA
