// LSTM layers beside Keras, the reference and every instruction set.

#include "framework.h"
#include "keras/fixtures.h"
#include "simd_levels.h"

namespace rondo::test {
namespace {

/// [B][T][F] ↔ [T][B][F].
Vector swap_axes(const Vector& v, Index first, Index second) {
  const Index f = static_cast<Index>(v.size()) / (first * second);
  Vector out(v.size());
  for (Index i = 0; i < first; ++i) {
    for (Index j = 0; j < second; ++j) {
      std::copy_n(v.begin() + (i * second + j) * f, f, out.begin() + (j * first + i) * f);
    }
  }
  return out;
}

/// One fixture of an LSTM layer, in time-major form.
struct LayerFixture {
  Index T, B, I, H, D;
  bool sequences;
  Vector x, y, dy, dx;
  std::vector<reference::Lstm> ops;
  std::vector<Vector> d_kernel, d_recurrent, d_bias;

  explicit LayerFixture(const Json& j)
      : T(j.integer("time")),
        B(j.integer("batch")),
        I(j.integer("input")),
        H(j.integer("units")),
        D(static_cast<Index>(j.at("directions").array.size())),
        sequences(j.at("returnSequences").number != 0) {
    x = swap_axes(j.at("x").data(), B, T);
    dx = swap_axes(j.at("dx").data(), B, T);
    y = sequences ? swap_axes(j.at("y").data(), B, T) : j.at("y").data();
    dy = sequences ? swap_axes(j.at("dy").data(), B, T) : j.at("dy").data();
    const std::string mode = j.at("mode").text;
    for (Index d = 0; d < D; ++d) {
      const Json& direction = j.at("directions").at(static_cast<std::size_t>(d));
      reference::Lstm l;
      l.time = T;
      l.batch = B;
      l.input = I;
      l.units = H;
      l.reverse = d == 1;
      l.kernel = direction.at("kernel").data();
      l.recurrent = direction.at("recurrentKernel").data();
      l.bias = direction.at("bias").data();
      const std::size_t masks = mode == "perGate" ? 4 : mode == "shared" ? 1 : 0;
      for (std::size_t g = 0; g < masks; ++g) l.masks.push_back(direction.at("masks").at(g).data());
      ops.push_back(l);
      d_kernel.push_back(direction.at("dKernel").data());
      d_recurrent.push_back(direction.at("dRecurrentKernel").data());
      d_bias.push_back(direction.at("dBias").data());
    }
  }

  /// Columns of direction d of a [rows][D·H] matrix, as [rows][H].
  Vector columns(const Vector& v, Index d) const {
    Vector out;
    for (std::size_t r = 0; r < v.size() / static_cast<std::size_t>(D * H); ++r) {
      const auto row = v.begin() + static_cast<std::ptrdiff_t>(r) * D * H + d * H;
      out.insert(out.end(), row, row + H);
    }
    return out;
  }
};

void check_reference(const std::string& name, const LayerFixture& f) {
  Vector dx(f.x.size());
  for (Index d = 0; d < f.D; ++d) {
    const reference::Lstm& l = f.ops[static_cast<std::size_t>(d)];
    const Vector zero(static_cast<std::size_t>(f.B * f.H));
    const reference::LstmTrace trace = reference::lstm_forward(l, f.x, zero, zero);
    compare(name + " y", f.sequences ? trace.h : trace.h_last, f.columns(f.y, d), kReferenceTolerance);
    Vector dh = f.columns(f.dy, d);
    if (!f.sequences) {
      Vector all(static_cast<std::size_t>(f.T * f.B * f.H));
      std::copy(dh.begin(), dh.end(), all.begin() + (d == 0 ? f.T - 1 : 0) * f.B * f.H);
      dh = all;
    }
    const reference::LstmGradients g = reference::lstm_backward(l, f.x, trace, dh);
    compare(name + " dKernel", g.kernel, f.d_kernel[static_cast<std::size_t>(d)], kReferenceTolerance);
    compare(name + " dRecurrentKernel", g.recurrent, f.d_recurrent[static_cast<std::size_t>(d)], kReferenceTolerance);
    compare(name + " dBias", g.bias, f.d_bias[static_cast<std::size_t>(d)], kReferenceTolerance);
    for (std::size_t e = 0; e < dx.size(); ++e) dx[e] += g.x[e];
  }
  compare(name + " dx", dx, f.dx, kReferenceTolerance);
}

/// The engine's op on one direction; dx is shared and added to.
void check_direction(const std::string& name, const LayerFixture& f, Index d, Backend& backend, DeviceTensors& t,
                     float* dx, const float* x, const float* dy) {
  const reference::Lstm& l = f.ops[static_cast<std::size_t>(d)];
  const std::string tag = " " + std::to_string(d);
  Vector masks;
  for (const Vector& m : l.masks) masks.insert(masks.end(), m.begin(), m.end());
  LstmShape s;
  s.time = f.T;
  s.batch = f.B;
  s.input = f.I;
  s.units = f.H;
  s.reverse = l.reverse;
  s.mask_count = static_cast<int>(l.masks.size());
  s.masks = masks.empty() ? nullptr : t.floats("masks" + tag, masks);
  float* packed = t.zeros("packed" + tag, backend.lstm_packed_size(f.I, f.H));
  float* workspace = t.zeros("workspace" + tag, backend.lstm_workspace(s));
  const Index block = f.B * f.H;
  float* h = t.zeros("h" + tag, (f.T + 1) * block);
  float* c = t.zeros("c" + tag, (f.T + 1) * block);
  float* gates = t.zeros("gates" + tag, backend.lstm_gates_size(s));
  backend.lstm_pack({f.I, f.H, t.floats("w" + tag, l.kernel), t.floats("r" + tag, l.recurrent), true, packed});
  backend.lstm_forward({s, packed, t.floats("b" + tag, l.bias), x, gates, h, c, workspace});
  backend.lstm_backward({s, packed, x, gates, h, c, dy + d * f.H, f.D * f.H, !f.sequences, dx, d > 0,
                         t.zeros("dw" + tag, f.I * 4 * f.H), t.zeros("dr" + tag, f.H * 4 * f.H),
                         t.zeros("db" + tag, 4 * f.H), workspace});
  const Vector states = t.read("h" + tag);
  const Index first = d == 1 ? 0 : f.sequences ? block : f.T * block;
  const Vector y(states.begin() + first, states.begin() + first + (f.sequences ? f.T : 1) * block);
  compare(name + " y", y, f.columns(f.y, d), kEngineTolerance);
  compare(name + " dKernel", t.read("dw" + tag), f.d_kernel[static_cast<std::size_t>(d)], kEngineTolerance);
  compare(name + " dRecurrentKernel", t.read("dr" + tag), f.d_recurrent[static_cast<std::size_t>(d)], kEngineTolerance);
  compare(name + " dBias", t.read("db" + tag), f.d_bias[static_cast<std::size_t>(d)], kEngineTolerance);
}

void check_engine(const std::string& name, const LayerFixture& f) {
  for (const std::string& level : simd_levels()) {
    const SimdLevel chosen(level);
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
    DeviceTensors t(*backend);
    const float* x = t.floats("x", f.x);
    const float* dy = t.floats("dy", f.dy);
    float* dx = t.zeros("dx", f.T * f.B * f.I);
    for (Index d = 0; d < f.D; ++d) check_direction(name + " [" + level + "]", f, d, *backend, t, dx, x, dy);
    compare(name + " [" + level + "] dx", t.read("dx"), f.dx, kEngineTolerance);
  }
}

}  // namespace

TEST("keras: LSTM layers forward and backward, the double reference") {
  for (const char* name : {"lstm-no-dropout", "lstm-last-only", "lstm-per-gate-masks", "lstm-shared-mask",
                           "bidirectional-per-gate-masks"}) {
    check_reference(name, LayerFixture(fixture(name)));
  }
}

TEST("keras: LSTM layers forward and backward, the engine on every instruction set") {
  for (const char* name : {"lstm-no-dropout", "lstm-last-only", "lstm-per-gate-masks", "lstm-shared-mask",
                           "bidirectional-per-gate-masks"}) {
    check_engine(name, LayerFixture(fixture(name)));
  }
}

}  // namespace rondo::test
