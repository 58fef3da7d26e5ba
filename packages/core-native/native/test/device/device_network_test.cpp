// What whole networks promise on any device: the reference's losses and gradients, the same bits run after run,
// recorded or not, streams that go on where they stopped, and nothing changed by a step that is not finite.

#include <cmath>
#include <thread>

#include "device/precisions.h"
#include "network_cases.h"

namespace rondo::test {
namespace {

constexpr double kRate = 0.01;

std::unique_ptr<Network> make_tested_network(const NetworkCase& c, Precision precision) {
  return make_network(c, 2, 42, test_device().choice, precision);
}

double largest(const reference::Tensors& tensors) {
  double top = 0;
  for (const auto& [name, tensor] : tensors) {
    for (const double x : tensor) top = std::max(top, std::abs(x));
  }
  return top;
}

/// Gradients of a tensor against its own largest one, but against no less than `share` of the network's: behind batch
/// norm some are what is left of terms that cancel, and in less than fp32 nothing may be left of them.
void compare_gradients(const std::string& what, const Values& got, const reference::Result& expected, double tolerance,
                       double share) {
  const double least = share * largest(expected.gradients) / expected.weight_sum;
  for (const auto& [name, value] : expected.gradients) {
    double top = least, difference = 0;
    const Vector& mine = got.at(name);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const double exact = value[i] / expected.weight_sum;
      top = std::max(top, std::abs(exact));
      difference = std::isfinite(mine[i]) ? std::max(difference, std::abs(mine[i] - exact)) : INFINITY;
    }
    CHECK_MESSAGE(difference <= tolerance * top,
                  what + ": gradient of " + name + " is off by " + std::to_string(difference / top * 1e6) + "e-6");
  }
}

void check_steps(const NetworkCase& c, Precision precision, std::size_t values) {
  const double tolerance = std::max(1e-4, tolerance_of(precision, values));
  const std::unique_ptr<Network> network = make_tested_network(c, precision);
  reference::ReferenceNetwork expected = make_reference_network(c, *network);
  reference::Tensors state;
  for (std::uint64_t step = 0; step < 4; ++step) {  // as it is, captured, played twice
    const OwnedBatch batch = make_batch(c, step);
    const reference::Result result = expected.run(batch.view, true, true, c.carry ? state : reference::Tensors());
    const StepResult got = network->accumulate(batch.view);
    const std::string where = c.name + label(precision) + ", step " + std::to_string(step);
    CHECK_MESSAGE(std::abs(got.loss_sum - result.loss_sum) <= tolerance * std::abs(result.loss_sum), where + ": loss");
    const double cancelling = precision == Precision::fp32 ? 1 : c.gradient_tolerance / 1e-5;  // as on the CPU
    compare_gradients(where, read_group(*network, TensorGroup::gradients), result, tolerance * cancelling,
                      precision == Precision::fp32 ? 0.01 : 1);
    network->update({kRate, c.clip_norm});
    expected.update(c.optimizer, kRate, c.clip_norm, result);  // its masks are those of the next step
    expected.parameters = read_group(*network, TensorGroup::parameters);
    state = c.carry ? read_group(*network, TensorGroup::training_state) : reference::Tensors();
  }
}

/// The loss of every step of a training that learns to repeat what it hears.
Vector losses_of(const NetworkCase& c, DeviceChoice device, Precision precision, std::uint64_t steps) {
  const std::unique_ptr<Network> network = make_network(c, 2, 42, device, precision);
  Vector losses;
  for (std::uint64_t step = 0; step < steps; ++step) {
    losses.push_back(network->train_step(make_batch(c, step % 4).view, {1e-3, 1.0}).loss);
  }
  return losses;
}

Values train(Network& network, const NetworkCase& c, std::uint64_t steps) {
  for (std::uint64_t step = 0; step < steps; ++step) {
    const StepResult result = network.train_step(make_batch(c, step).view, {kRate, c.clip_norm});
    CHECK(result.updated && result.finite);
  }
  return read_group(network, TensorGroup::parameters);
}

/// Single steps, many at once and predict() on a window of six tokens.
void check_stream(const NetworkCase& c, Precision precision) {
  const std::unique_ptr<Network> network = make_tested_network(c, precision);
  const OwnedBatch batch = make_batch(c, 0);
  const std::span<const std::int32_t> ids = batch.view.inputs[0].ids;
  const std::unique_ptr<Stream> one = network->open_stream(1), many = network->open_stream(1);
  std::vector<float> single(7), together(7), all(6 * 7);
  for (std::size_t t = 0; t < 6; ++t) one->step(ids.subspan(t, 1), single);
  many->steps(ids, 6, together);
  network->predict(batch.view, all);
  const Vector last(all.end() - 7, all.end());
  const Vector logits(single.begin(), single.end());
  const Vector p = reference::activation_forward(Activation::softmax, 1, 7, logits);
  CHECK(error_of({together.begin(), together.end()}, logits) <= tolerance_of(precision, 7));
  CHECK_MESSAGE(error_of(last, p) <= tolerance_of(precision, 7), label(precision));
}

}  // namespace

TEST("device: networks: losses and gradients of whole steps are the reference's") {
  for (const Precision precision : tested_precisions()) {
    for (const NetworkCase& c : network_cases()) check_steps(c, precision, 1);
    if (make_tested(precision)->device().name == "shim") continue;  // simulated threads take their time
    const NetworkCase wide{.name = "wide", .spec = tutorial_spec(96, 48, 60, 0.3), .time = 20, .batch = 37};
    check_steps(wide, precision, 1 << 16);
  }
}

TEST("device: networks: the same seed gives the same bits; a step is accumulate and update") {
  for (const Precision precision : tested_precisions()) {
    for (const NetworkCase& c : network_cases()) {
      const std::unique_ptr<Network> halves = make_tested_network(c, precision);
      const Values first = train(*make_tested_network(c, precision), c, 4);
      CHECK_MESSAGE(first == train(*make_tested_network(c, precision), c, 4), c.name + label(precision));
      for (std::uint64_t step = 0; step < 4; ++step) {
        halves->accumulate(make_batch(c, step).view);
        halves->update({kRate, c.clip_norm});
      }
      CHECK_MESSAGE(first == read_group(*halves, TensorGroup::parameters), c.name + label(precision) + ": halves");
    }
  }
}

TEST("device: networks: a training's loss goes the way of the CPU's") {
  const NetworkCase c{.name = "training", .spec = tutorial_spec(128, 64, 50, 0.3), .time = 24, .batch = 32};
  const DeviceChoice device = test_device().choice;
  if (device == DeviceChoice::cpu || make_tested(Precision::fp32)->device().name == "shim") return;
  const Vector expected = losses_of(c, DeviceChoice::cpu, Precision::automatic, 40);
  CHECK(expected.back() < expected.front());
  for (const Precision precision : tested_precisions()) {
    const Vector losses = losses_of(c, device, precision, 40);
    const double most = precision == Precision::fp32 ? 1e-3 : 5e-2;  // differences grow from step to step
    for (std::size_t i = 0; i < losses.size(); ++i) {
      CHECK_MESSAGE(std::abs(losses[i] - expected[i]) <= most * expected[i],
                    label(precision) + ", step " + std::to_string(i) + ": " + std::to_string(losses[i]) + " for " +
                        std::to_string(expected[i]));
    }
  }
}

TEST("device: networks: batches that are staged give the same bits, and so do others that come in their place") {
  std::size_t cases = 0;
  for (const NetworkCase& c : network_cases()) {
    if (++cases > 3 && make_tested(Precision::fp32)->device().name == "shim") continue;
    const std::unique_ptr<Network> plain = make_tested_network(c, Precision::automatic);
    const std::unique_ptr<Network> staged = make_tested_network(c, Precision::automatic);
    for (std::uint64_t step = 0; step < 5; ++step) {
      plain->train_step(make_batch(c, step).view, {kRate, c.clip_norm});
      staged->stage(make_batch(c, step == 2 ? 7 : step).view);  // once another one comes
      if (step == 3) staged->stage(make_batch(c, step).view);   // and once it is said twice
      staged->train_step(make_batch(c, step).view, {kRate, c.clip_norm});
    }
    CHECK_MESSAGE(read_group(*plain, TensorGroup::parameters) == read_group(*staged, TensorGroup::parameters), c.name);
  }
}

TEST("device: networks: the next batch is staged from another thread while a step runs") {
  const NetworkCase c = network_cases().front();
  const std::unique_ptr<Network> plain = make_tested_network(c, Precision::automatic);
  const std::unique_ptr<Network> staged = make_tested_network(c, Precision::automatic);
  for (std::uint64_t step = 0; step < 6; ++step) {
    plain->train_step(make_batch(c, step).view, {kRate, 0});
    std::thread other([&] { staged->stage(make_batch(c, step + 1).view); });
    staged->train_step(make_batch(c, step).view, {kRate, 0});
    other.join();
  }
  CHECK(read_group(*plain, TensorGroup::parameters) == read_group(*staged, TensorGroup::parameters));
}

TEST("device: networks: shapes that take turns give what each gives alone") {
  NetworkCase c = network_cases().front(), shorter = c;
  shorter.time = 3;
  shorter.batch = 2;
  const std::unique_ptr<Network> network = make_tested_network(c, Precision::automatic);
  for (std::uint64_t step = 0; step < 4; ++step) {
    const OwnedBatch batch = make_batch(c, step), other = make_batch(shorter, step);
    const double loss = network->evaluate(batch.view).loss_sum;
    network->evaluate(other.view);
    CHECK(loss == network->evaluate(batch.view).loss_sum);
    network->train_step(other.view, {kRate, 0});
    network->train_step(batch.view, {kRate, 0});
  }
}

TEST("device: networks: a step that is not finite changes nothing") {
  const NetworkCase c = network_cases().front();
  const std::unique_ptr<Network> network = make_tested_network(c, Precision::automatic);
  for (std::uint64_t step = 0; step < 3; ++step) network->train_step(make_batch(c, step).view, {kRate, 0});
  network->train_step(make_batch(c, 3).view, {1e300, 0});
  const Values broken = read_group(*network, TensorGroup::optimizer_slots);
  const StepResult result = network->train_step(make_batch(c, 4).view, {kRate, 0});
  CHECK(!result.finite && !result.updated && network->step_count() == 4);
  CHECK(broken == read_group(*network, TensorGroup::optimizer_slots));
}

TEST("device: streams: single steps and steps at once give the same, and what predict gives") {
  NetworkCase c{.name = "stream",
                .spec = {{embedding_input("token", 7, 3)}, {lstm_layer(5), lstm_layer(8)}, {softmax_head("token", 7)}},
                .time = 6,
                .batch = 1};
  for (const Precision precision : tested_precisions()) check_stream(c, precision);
  c.spec = {{embedding_input("token", 7, 8)}, {lstm_layer(5), lstm_layer(8)}, {tied_head("token", 7, "token", 0.1)}};
  for (const Precision precision : tested_precisions()) check_stream(c, precision);
}

TEST("device: networks: too little memory is said before training, with what would fit") {
  const NetworkCase c = network_cases().front();
  const std::unique_ptr<Network> network = make_tested_network(c, Precision::automatic);
  network->reserve(c.time, c.batch);
  const std::uint64_t held = network->memory_bytes();
  network->train_step(make_batch(c, 0).view, {kRate, 0});
  CHECK(network->forecast_bytes(c.time, c.batch) >= held);
  if (test_device().choice == DeviceChoice::cpu) return;  // the system knows no limit of its own
  try {
    network->reserve(1 << 10, 1 << 24);
    fail(__FILE__, __LINE__, "expected reserve to throw");
  } catch (const Error& error) {
    const std::string text = error.what();
    CHECK(error.code() == ErrorCode::memory);
    CHECK_MESSAGE(text.find("use a batch of at most ") != std::string::npos, text);
  }
  network->train_step(make_batch(c, 1).view, {kRate, 0});  // and goes on
}

}  // namespace rondo::test
