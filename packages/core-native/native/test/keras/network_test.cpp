// Training steps of the tutorial's network beside Keras.

#include "framework.h"
#include "keras/fixtures.h"
#include "network_cases.h"
#include "simd_levels.h"

namespace rondo::test {
namespace {

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

}  // namespace

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
