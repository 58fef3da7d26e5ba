// Golden numbers from Keras 3.15. The optimizers' are double precision throughout: the double reference must agree to
// 1e-10. Those of layers and networks carry float32 arithmetic inside (batch norm's are float32 values to the last
// bit), so that no double computation can agree beyond about 1e-7; there the reference must agree to 5e-6, and what it
// computes is held to 1e-7 by finite differences elsewhere. The engine must agree to 1e-5 per tensor.

#include <cmath>

#include "framework.h"
#include "json.h"
#include "network_cases.h"
#include "simd_levels.h"

namespace rondo::test {
namespace {

constexpr double kExact = 1e-10, kReferenceTolerance = 5e-6, kEngineTolerance = 1e-5;

Json fixture(const std::string& name) {
  return read_json(std::string(RONDO_FIXTURES) + "/" + name + ".json");
}

void compare(const std::string& what, const Vector& got, const Vector& expected, double tolerance) {
  const double error = error_of(got, expected);
  CHECK_MESSAGE(error <= tolerance, what + " is off by " + std::to_string(error * 1e10) + "e-10");
}

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

/// Keras paths → our names, for the tutorial's network.
const std::map<std::string, std::string>& tutorial_names() {
  static const std::map<std::string, std::string> names = [] {
    std::map<std::string, std::string> m;
    for (int i = 0; i < 3; ++i) {
      const std::string ours = "layers." + std::to_string(i) + ".";
      const std::string theirs = "sequential/lstm_" + std::to_string(i + 5) + "/lstm_cell/";
      m[ours + "kernel"] = theirs + "kernel";
      m[ours + "recurrentKernel"] = theirs + "recurrent_kernel";
      m[ours + "bias"] = theirs + "bias";
    }
    for (const auto& [layer, number] : {std::pair{"3", "1"}, std::pair{"7", "2"}}) {
      const std::string ours = std::string("layers.") + layer + ".";
      const std::string theirs = std::string("sequential/batch_normalization_") + number + "/";
      m[ours + "gamma"] = theirs + "gamma";
      m[ours + "beta"] = theirs + "beta";
      m[ours + "movingMean"] = theirs + "moving_mean";
      m[ours + "movingVariance"] = theirs + "moving_variance";
    }
    m["layers.5.kernel"] = "sequential/dense/kernel";
    m["layers.5.bias"] = "sequential/dense/bias";
    m["heads.token.kernel"] = "sequential/dense_1/kernel";
    m["heads.token.bias"] = "sequential/dense_1/bias";
    return m;
  }();
  return names;
}

Values tutorial_weights(const Json& weights) {
  Values values;
  for (const auto& [ours, theirs] : tutorial_names()) values[ours] = weights.at(theirs).data();
  return values;
}

/// The fixture's batch, time-major.
struct TutorialBatch {
  std::vector<std::int32_t> ids, targets;
  Batch view;

  explicit TutorialBatch(const Json& j) : targets(j.at("targets").integers()) {
    view.batch = j.integer("batch");
    view.time = j.integer("time");
    const std::vector<std::int32_t> rows = j.at("inputIds").integers();
    for (Index t = 0; t < view.time; ++t) {
      for (Index b = 0; b < view.batch; ++b) ids.push_back(rows[static_cast<std::size_t>(b * view.time + t)]);
    }
    view.inputs = {{"token", ids, {}}};
    view.targets = {{"token", targets, {}}};
  }
};

NetworkSpec tutorial_of(const Json& j) {
  return tutorial_spec(j.integer("units"), j.integer("dense"), j.integer("vocabulary"), 0);
}

void write_parameters(Network& network, const Values& values) {
  std::vector<std::vector<float>> data;
  std::vector<TensorView> views;
  for (const TensorInfo& info : network.tensors(TensorGroup::parameters)) {
    data.emplace_back(values.at(info.name).begin(), values.at(info.name).end());
    views.push_back({info.name, info.shape, nullptr});
  }
  for (std::size_t i = 0; i < views.size(); ++i) views[i].data = data[i].data();
  network.write(TensorGroup::parameters, views);
}

struct OptimizerFixture {
  const char* key;
  OptimizerSpec spec;
  double learning_rate;
};

std::vector<OptimizerFixture> optimizer_fixtures() {
  OptimizerSpec momentum;
  momentum.rho = 0.8;
  momentum.momentum = 0.9;
  momentum.centered = true;
  OptimizerSpec adam, adamw;
  adam.kind = OptimizerKind::adam;
  adamw.kind = OptimizerKind::adamw;
  adamw.weight_decay = 0.01;
  return {
      {"rmsprop", {}, 1e-3}, {"rmspropMomentumCentered", momentum, 1e-2}, {"adam", adam, 1e-3}, {"adamw", adamw, 1e-3}};
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

TEST("keras: batch normalisation, training, moving statistics and inference") {
  const Json j = fixture("batch-norm");
  constexpr Index kRows = 16, kFeatures = 6;
  const Vector x = j.at("x").data(), gamma = j.at("gamma").data(), beta = j.at("beta").data(), dy = j.at("dy").data();
  const Vector zeros(kFeatures), ones(kFeatures, 1);
  const reference::BatchNorm r =
      reference::batch_norm_forward(kRows, kFeatures, 0.99, 1e-3, true, {}, gamma, beta, zeros, ones, x);
  const auto g = reference::batch_norm_backward(kRows, kFeatures, {}, gamma, r, x, dy);
  const reference::BatchNorm inference = reference::batch_norm_forward(kRows, kFeatures, 0.99, 1e-3, false, {}, gamma,
                                                                       beta, r.moving_mean, r.moving_variance, x);

  const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
  DeviceTensors t(*backend);
  BatchNormForward op{kRows,
                      kFeatures,
                      0.99,
                      1e-3,
                      true,
                      nullptr,
                      t.floats("gamma", gamma),
                      t.floats("beta", beta),
                      t.floats("movingMean", zeros),
                      t.floats("movingVariance", ones),
                      t.zeros("mean", kFeatures),
                      t.zeros("inverse", kFeatures),
                      t.floats("x", x),
                      t.zeros("y", kRows * kFeatures)};
  backend->batch_norm_forward(op);
  backend->batch_norm_backward({kRows, kFeatures, nullptr, op.gamma, op.mean, op.inverse_deviation, op.x,
                                t.floats("dy", dy), t.zeros("dx", kRows * kFeatures), t.zeros("dGamma", kFeatures),
                                t.zeros("dBeta", kFeatures)});
  op.training = false;
  op.y = t.zeros("yInference", kRows * kFeatures);
  backend->batch_norm_forward(op);

  const Values expected{{"y", r.y},
                        {"dx", g.x},
                        {"dGamma", g.gamma},
                        {"dBeta", g.beta},
                        {"movingMean", r.moving_mean},
                        {"movingVariance", r.moving_variance},
                        {"yInference", inference.y}};
  for (const auto& [name, value] : expected) {
    compare("reference " + name, value, j.at(name).data(), kReferenceTolerance);
    compare("engine " + name, t.read(name), j.at(name).data(), kEngineTolerance);
  }
}

TEST("keras: three steps of every optimizer") {
  const Json j = fixture("optimizers");
  for (const OptimizerFixture& f : optimizer_fixtures()) {
    Vector w = j.at("start").data();
    const std::size_t count = slot_names(f.spec).size();
    std::vector<Vector> slots(count, Vector(w.size()));
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 1);
    DeviceTensors t(*backend);
    OptimizerUpdate op;
    op.count = static_cast<Index>(w.size());
    op.w = t.floats("w", w);
    for (std::size_t i = 0; i < count; ++i) op.slots[i] = t.zeros("slot" + std::to_string(i), op.count);
    op.learning_rate = f.learning_rate;
    for (std::size_t step = 0; step < 3; ++step) {
      const Vector g = j.at("gradients").at(step).data();
      const Vector expected = j.at(f.key).at(step).data();
      op.g = t.floats("g" + std::to_string(step), g);
      op.step = step + 1;
      reference::optimizer_step(f.spec, f.learning_rate, op.step, g, w, slots);
      if (f.spec.kind == OptimizerKind::rmsprop) backend->rmsprop(f.spec, op);
      if (f.spec.kind == OptimizerKind::adam) backend->adam(f.spec, op);
      if (f.spec.kind == OptimizerKind::adamw) backend->adamw(f.spec, op);
      compare(std::string("reference ") + f.key, w, expected, kExact);
      compare(std::string("engine ") + f.key, t.read("w"), expected, kEngineTolerance);
    }
  }
}

TEST("keras: three training steps of the tutorial's network, the double reference") {
  const Json j = fixture("tutorial-net-3-steps");
  const TutorialBatch batch(j);
  reference::ReferenceNetwork network(tutorial_of(j), 0);
  network.parameters = tutorial_weights(j.at("start"));
  for (std::size_t step = 0; step < 3; ++step) {
    const reference::Result result = network.run(batch.view, true, true);
    const Json& expected = j.at("steps").at(step);
    compare("loss", {result.loss_sum / result.weight_sum}, {expected.at("loss").number}, kReferenceTolerance);
    compare("accuracy", {result.hits / result.weight_sum}, {expected.at("accuracy").number}, kReferenceTolerance);
    network.update({}, 1e-3, 0, result);
  }
  for (const auto& [name, value] : tutorial_weights(j.at("end"))) {
    compare(name, network.parameters.at(name), value, kReferenceTolerance);
  }
  const Vector logits = network.run(batch.view, false, false).outputs.at("token");
  const Vector p =
      reference::activation_forward(Activation::softmax, batch.view.batch, j.integer("vocabulary"), logits);
  compare("probabilities", p, j.at("probabilities").data(), kReferenceTolerance);
}

TEST("keras: three training steps of the tutorial's network, the engine on every instruction set") {
  const Json j = fixture("tutorial-net-3-steps");
  const TutorialBatch batch(j);
  for (const std::string& level : simd_levels()) {
    const SimdLevel chosen(level);
    NetworkOptions options;
    options.device = DeviceChoice::cpu;
    options.threads = 2;
    const std::unique_ptr<Network> network = Network::create(tutorial_of(j), options);
    write_parameters(*network, tutorial_weights(j.at("start")));
    for (std::size_t step = 0; step < 3; ++step) {
      const StepResult result = network->train_step(batch.view, {1e-3, 0});
      const Json& expected = j.at("steps").at(step);
      compare(level + " loss", {result.loss}, {expected.at("loss").number}, kEngineTolerance);
      compare(level + " accuracy", {result.hits / result.weight_sum}, {expected.at("accuracy").number},
              kEngineTolerance);
    }
    const Values end = read_group(*network, TensorGroup::parameters);
    for (const auto& [name, value] : tutorial_weights(j.at("end"))) {
      compare(level + " " + name, end.at(name), value, kEngineTolerance);
    }
    std::vector<float> p(static_cast<std::size_t>(network->prediction_size(batch.view)));
    network->predict(batch.view, p);
    compare(level + " probabilities", {p.begin(), p.end()}, j.at("probabilities").data(), kEngineTolerance);
  }
}

}  // namespace rondo::test
