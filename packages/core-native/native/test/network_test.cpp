// What whole networks promise: the reference's losses, gradients, updates and states; finite differences; the same
// bits for any number of threads and any way of cutting the work.

#include <cmath>

#include "framework.h"
#include "network_cases.h"

namespace rondo::test {
namespace {

constexpr double kRate = 0.01;

void compare(const std::string& what, const Values& got, const Values& expected, double tolerance) {
  CHECK_MESSAGE(got.size() == expected.size(), what + ": other tensors than the reference");
  for (const auto& [name, value] : expected) {
    if (!got.count(name)) {
      fail(__FILE__, __LINE__, what + ": no " + name);
      continue;
    }
    const double error = error_of(got.at(name), value);
    CHECK_MESSAGE(error <= tolerance, what + ": " + name + " is off by " + std::to_string(error * 1e6) + "e-6");
  }
}

Values mean_gradients(const reference::Result& result) {
  Values mean = result.gradients;
  for (auto& [name, g] : mean) {
    for (double& x : g) x /= result.weight_sum;
  }
  return mean;
}

void check_against_reference(const NetworkCase& c) {
  const std::unique_ptr<Network> network = make_network(c, 2);
  reference::ReferenceNetwork expected = make_reference_network(c, *network);
  reference::Tensors state;
  for (std::uint64_t step = 0; step < 3; ++step) {
    const OwnedBatch batch = make_batch(c, step);
    const reference::Result result = expected.run(batch.view, true, true, c.carry ? state : reference::Tensors());
    const std::string where = c.name + ", step " + std::to_string(step);
    const StepResult got = network->accumulate(batch.view);
    CHECK_MESSAGE(std::abs(got.loss_sum - result.loss_sum) <= 1e-5 * std::abs(result.loss_sum), where + ": loss");
    CHECK(got.hits == result.hits && got.weight_sum == result.weight_sum && got.finite && !got.updated);
    compare(where + " gradients", read_group(*network, TensorGroup::gradients), mean_gradients(result),
            c.gradient_tolerance);
    network->update({kRate, c.clip_norm});
    expected.update(c.optimizer, kRate, c.clip_norm, result);
    state = result.state;
    if (c.carry) compare(where + " state", read_group(*network, TensorGroup::training_state), state, 1e-5);
    // Adaptive rules magnify a gradient's last digits where it is nearly zero; the parity of one update is in the op
    // table. Here the two go on from the same parameters.
    Values parameters = read_group(*network, TensorGroup::parameters);
    compare(where + " parameters", parameters, expected.parameters, 1e-4);
    expected.parameters = parameters;
  }
  CHECK(network->step_count() == 3);
}

void check_finite_differences(const NetworkCase& c) {
  constexpr double kStep = 1e-5;
  const std::unique_ptr<Network> network = make_network(c, 1);
  reference::ReferenceNetwork net = make_reference_network(c, *network);
  const OwnedBatch batch = make_batch(c, 0);
  const reference::Result exact = net.run(batch.view, true, true);
  for (const auto& [name, gradient] : exact.gradients) {
    Vector numeric, analytic;
    const std::size_t stride = std::max<std::size_t>(1, gradient.size() / 12);
    for (std::size_t e = 0; e < gradient.size(); e += stride) {
      double& x = net.parameters[name][e];
      const double kept = x;
      x = kept + kStep;
      const double above = net.run(batch.view, true, false).loss_sum;
      x = kept - kStep;
      const double below = net.run(batch.view, true, false).loss_sum;
      x = kept;
      numeric.push_back((above - below) / (2 * kStep));
      analytic.push_back(gradient[e]);
    }
    double top = 0;
    for (const double g : gradient) top = std::max(top, std::abs(g));
    for (std::size_t i = 0; i < numeric.size(); ++i) {
      CHECK_MESSAGE(std::abs(numeric[i] - analytic[i]) <= 1e-6 * top + 1e-9, c.name + ": gradient of " + name);
    }
  }
}

}  // namespace

TEST("networks: losses, gradients, updates and states are the reference's") {
  for (const NetworkCase& c : network_cases()) check_against_reference(c);
}

TEST("networks: gradients agree with central differences") {
  for (const NetworkCase& c : network_cases()) check_finite_differences(c);
}

TEST("networks: evaluation and prediction are the reference's inference, row by row") {
  for (NetworkCase c : network_cases()) {
    const std::unique_ptr<Network> network = make_network(c, 2);
    const OwnedBatch first = make_batch(c, 0);
    network->train_step(first.view, {kRate, 0});  // so that moving statistics are not those of the start
    const reference::ReferenceNetwork expected = make_reference_network(c, *network);
    const OwnedBatch batch = make_batch(c, 1);
    const reference::Result result = expected.run(batch.view, false, false);
    const EvaluationResult got = network->evaluate(batch.view);
    CHECK_MESSAGE(std::abs(got.loss_sum - result.loss_sum) <= 1e-5 * std::abs(result.loss_sum), c.name + ": loss");
    double nll = 0, hits = 0, weight = 0;
    for (std::size_t b = 0; b < static_cast<std::size_t>(c.batch); ++b) {
      double row = 0;
      for (std::size_t r = b; r < result.row_loss.size(); r += static_cast<std::size_t>(c.batch))
        row += result.row_loss[r];
      CHECK_MESSAGE(std::abs(got.rows.nll[b] - row) <= 1e-5 * std::abs(result.loss_sum), c.name + ": row sums");
      nll += got.rows.nll[b];
      hits += got.rows.hits[b];
      weight += got.rows.weight[b];
    }
    CHECK(std::abs(nll - got.loss_sum) < 1e-9 && std::abs(hits - got.hits) < 1e-9 &&
          std::abs(weight - got.weight_sum) < 1e-9);
    for (const HeadSpec& head : c.spec.heads) {
      if (head.kind != HeadKind::softmax) continue;
      network->reset_state();
      std::vector<float> out(static_cast<std::size_t>(network->prediction_size(batch.view)));
      network->predict(batch.view, out);
      const Index rows = static_cast<Index>(out.size()) / head.vocabulary;
      const Vector p =
          reference::activation_forward(Activation::softmax, rows, head.vocabulary, result.outputs.at(head.name));
      CHECK_MESSAGE(error_of({out.begin(), out.end()}, p) <= 1e-5, c.name + ": probabilities");
      break;
    }
  }
}

TEST("networks: one, two and three threads give the same bits after three steps") {
  for (const NetworkCase& c : network_cases()) {
    Values one;
    for (const int threads : {1, 2, 3}) {
      const std::unique_ptr<Network> network = make_network(c, threads);
      for (std::uint64_t step = 0; step < 3; ++step)
        network->train_step(make_batch(c, step).view, {kRate, c.clip_norm});
      const Values now = read_group(*network, TensorGroup::parameters);
      if (threads == 1) one = now;
      CHECK_MESSAGE(now == one, c.name + ": other bits with " + std::to_string(threads) + " threads");
    }
  }
}

TEST("networks: a training step is accumulate and update, bit for bit; what is not finite changes nothing") {
  for (const NetworkCase& c : network_cases()) {
    const std::unique_ptr<Network> whole = make_network(c, 2), halves = make_network(c, 2);
    for (std::uint64_t step = 0; step < 3; ++step) {
      const OwnedBatch batch = make_batch(c, step);
      const StepResult a = whole->train_step(batch.view, {kRate, c.clip_norm});
      const StepResult b = halves->accumulate(batch.view);
      const UpdateResult update = halves->update({kRate, c.clip_norm});
      CHECK(a.loss_sum == b.loss_sum && a.hits == b.hits && a.loss == b.loss);
      CHECK(a.gradient_norm == update.gradient_norm && a.updated && update.updated);
    }
    CHECK_MESSAGE(read_group(*whole, TensorGroup::parameters) == read_group(*halves, TensorGroup::parameters), c.name);
    CHECK(read_group(*whole, TensorGroup::optimizer_slots) == read_group(*halves, TensorGroup::optimizer_slots));
    const Values before = read_group(*whole, TensorGroup::parameters);
    const StepResult infinite = whole->train_step(make_batch(c, 3).view, {1e300, 0});
    CHECK(infinite.updated);  // the rate is finite; the parameters are not any more
    const Values broken = read_group(*whole, TensorGroup::parameters);
    const StepResult after = whole->train_step(make_batch(c, 4).view, {kRate, 0});
    CHECK_MESSAGE(!after.finite && !after.updated && whole->step_count() == 4, c.name);
    CHECK(before != broken);
  }
}

TEST("networks: the forecast is what training then holds, and reserving takes it at once") {
  const NetworkCase c{.name = "forecast", .spec = tutorial_spec(24, 16, 20, 0.3), .time = 6, .batch = 30};
  const std::unique_ptr<Network> network = make_network(c, 1);
  const std::uint64_t forecast = network->forecast_bytes(c.time, c.batch);
  network->reserve(c.time, c.batch);
  CHECK(network->memory_bytes() == forecast);
  network->train_step(make_batch(c, 0).view, {kRate, 0});
  CHECK(network->memory_bytes() == forecast && network->forecast_bytes(c.time, c.batch) == forecast);
  CHECK_ERROR(network->reserve(0, 4), shape);
}

TEST("networks: the CPU computes in fp32 and says so when asked for less") {
  NetworkOptions options;
  options.device = DeviceChoice::cpu;
  options.precision = Precision::fp32;
  const NetworkSpec spec = network_cases().back().spec;
  CHECK(Network::create(spec, options)->precision() == Precision::fp32);
  options.precision = Precision::bf16;
  CHECK_ERROR(Network::create(spec, options), unsupported);
}

TEST("networks: a large one gives the same bits with one, two and three threads") {
  const NetworkCase c{.name = "large", .spec = tutorial_spec(72, 40, 50, 0.3), .time = 12, .batch = 37};
  Values one;
  for (const int threads : {1, 2, 3}) {
    const std::unique_ptr<Network> network = make_network(c, threads);
    for (std::uint64_t step = 0; step < 2; ++step) network->train_step(make_batch(c, step).view, {kRate, 0});
    const Values now = read_group(*network, TensorGroup::parameters);
    if (threads == 1) one = now;
    CHECK(now == one);
  }
}

TEST("networks: two slices of a batch accumulate to the gradient of the whole") {
  NetworkCase c{
      .name = "slices",
      .spec = {{embedding_input("token", 7, 3)}, {lstm_layer(5, 0.3), dropout_layer(0.2)}, {softmax_head("token", 7)}},
      .batch = 6};
  const OwnedBatch whole = make_batch(c, 0);
  const std::unique_ptr<Network> a = make_network(c, 1), b = make_network(c, 1);
  a->accumulate(whole.view);
  for (const Index first : {0, 2}) {  // rows 0–1 and 2–5
    const Index count = first == 0 ? 2 : 4;
    std::vector<std::int32_t> ids, targets;
    for (Index t = 0; t < c.time; ++t) {
      for (Index r = first; r < first + count; ++r) {
        ids.push_back(whole.view.inputs[0].ids[static_cast<std::size_t>(t * 6 + r)]);
        targets.push_back(whole.view.targets[0].ids[static_cast<std::size_t>(t * 6 + r)]);
      }
    }
    Batch slice;
    slice.batch = count;
    slice.time = c.time;
    slice.row_offset = first;
    slice.inputs = {{"token", ids, {}}};
    slice.targets = {{"token", targets, {}}};
    b->accumulate(slice);
  }
  compare("slices", read_group(*b, TensorGroup::gradients), read_group(*a, TensorGroup::gradients), 2e-6);
}

TEST("networks: a carried state continues a cut sequence exactly") {
  NetworkCase c{.name = "carry",
                .spec = {{embedding_input("token", 7, 3)}, {lstm_layer(5), lstm_layer(4)}, {softmax_head("token", 7)}},
                .time = 6,
                .batch = 3};
  const std::unique_ptr<Network> network = make_network(c, 1);
  const OwnedBatch whole = make_batch(c, 0);
  std::vector<float> all(static_cast<std::size_t>(network->prediction_size(whole.view))), part(all.size() / 2);
  network->predict(whole.view, all);
  for (std::size_t half = 0; half < 2; ++half) {
    Batch cut = whole.view;
    cut.time = 3;
    cut.carry_state = true;
    cut.inputs[0].ids = whole.view.inputs[0].ids.subspan(half * 9, 9);
    network->predict(cut, part);
    CHECK(std::equal(part.begin(), part.end(), all.begin() + static_cast<std::ptrdiff_t>(half * part.size())));
  }
}

TEST("initialisers: large matrices are the same to the bit for one, two and three threads, and orthonormal") {
  constexpr std::size_t kUnits = 140;
  const NetworkCase c{.name = "start",
                      .spec = {{embedding_input("token", 40, 20)}, {lstm_layer(kUnits)}, {softmax_head("token", 40)}}};
  const Values p = read_group(*make_network(c, 1, 5), TensorGroup::parameters);
  for (const int threads : {2, 3}) CHECK(p == read_group(*make_network(c, threads, 5), TensorGroup::parameters));
  const Vector& r = p.at("layers.0.recurrentKernel");
  double worst = 0;
  for (std::size_t i = 0; i < kUnits; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double dot = 0;
      for (std::size_t k = 0; k < 4 * kUnits; ++k) dot += r[i * 4 * kUnits + k] * r[j * 4 * kUnits + k];
      worst = std::max(worst, std::abs(dot - (i == j ? 1 : 0)));
    }
  }
  CHECK(worst < 1e-6);
}

TEST("initialisers: limits, orthonormal rows, the open forget gate; the same seed gives the same bits") {
  const NetworkCase c{.name = "start",
                      .spec = {{embedding_input("token", 40, 20)}, {lstm_layer(24)}, {softmax_head("token", 40)}}};
  const Values p = read_group(*make_network(c, 1, 5), TensorGroup::parameters);
  CHECK(p == read_group(*make_network(c, 2, 5), TensorGroup::parameters));
  CHECK(p != read_group(*make_network(c, 1, 6), TensorGroup::parameters));
  auto check_uniform_in = [](const Values& values, const std::string& name, double limit) {
    double top = 0, squares = 0;
    for (const double x : values.at(name)) {
      top = std::max(top, std::abs(x));
      squares += x * x;
    }
    const double variance = squares / static_cast<double>(values.at(name).size());
    CHECK(top <= limit && top > 0.97 * limit);
    CHECK(std::abs(variance / (limit * limit / 3) - 1) < 0.15);
  };
  auto check_uniform = [&](const std::string& name, double limit) { check_uniform_in(p, name, limit); };
  check_uniform("inputs.token.embedding", 0.05);
  NetworkCase tied = c;
  tied.spec.heads[0] = tied_head("token", 40, "token");
  tied.spec.layers.push_back(dense_layer(20));
  const Values q = read_group(*make_network(tied, 1, 5), TensorGroup::parameters);
  check_uniform_in(q, "inputs.token.embedding", std::sqrt(6.0 / (40 + 20)));
  check_uniform("layers.0.kernel", std::sqrt(6.0 / (20 + 96)));
  check_uniform("heads.token.kernel", std::sqrt(6.0 / (24 + 40)));
  const Vector& r = p.at("layers.0.recurrentKernel");
  for (std::size_t i = 0; i < 24; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double dot = 0;
      for (std::size_t k = 0; k < 96; ++k) dot += r[i * 96 + k] * r[j * 96 + k];
      CHECK(std::abs(dot - (i == j ? 1 : 0)) < 1e-6);
    }
  }
  const Vector& bias = p.at("layers.0.bias");
  for (std::size_t i = 0; i < bias.size(); ++i) CHECK(bias[i] == (i / 24 == 1 ? 1 : 0));
}

}  // namespace rondo::test
