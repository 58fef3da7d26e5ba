// Streams, and what happens to those who hold the engine wrongly.

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "framework.h"
#include "network_cases.h"

namespace rondo::test {
namespace {

NetworkCase small_case() {
  return {.name = "small",
          .spec = {{embedding_input("token", 7, 3)}, {lstm_layer(5, 0.3), lstm_layer(4)}, {softmax_head("token", 7)}},
          .time = 6,
          .batch = 3};
}

}  // namespace

TEST("streams: steps one by one give the logits of a whole window, and many at once the same bits") {
  const NetworkCase c = small_case();
  const std::unique_ptr<Network> network = make_network(c, 2);
  const OwnedBatch batch = make_batch(c, 0);
  std::vector<float> window(static_cast<std::size_t>(network->prediction_size(batch.view)));
  network->predict(batch.view, window);
  const std::unique_ptr<Stream> one = network->open_stream(3), many = network->open_stream(3);
  CHECK(one->rows() == 3 && one->vocabulary() == 7 && one->state_size() == 2 * 3 * 9);
  std::vector<float> logits(21), last(21);
  for (std::size_t t = 0; t < 6; ++t) {
    one->step(batch.view.inputs[0].ids.subspan(3 * t, 3), logits);
    const Vector p = reference::activation_forward(Activation::softmax, 3, 7, {logits.begin(), logits.end()});
    const auto at = window.begin() + static_cast<std::ptrdiff_t>(21 * t);
    CHECK(error_of({at, at + 21}, p) < 1e-6);
  }
  many->steps(batch.view.inputs[0].ids, 6, last);
  CHECK(logits == last);
  std::vector<float> a(54), b(54);
  one->read_state(a);
  many->read_state(b);
  CHECK(a == b);
}

TEST("streams: a state can be kept, put back, and reset by row") {
  const std::unique_ptr<Network> network = make_network(small_case(), 1);
  const std::unique_ptr<Stream> stream = network->open_stream(2);
  const std::vector<std::int32_t> first{1, 2}, second{3, 4};
  std::vector<float> fresh(14), once(14), again(14), state(static_cast<std::size_t>(stream->state_size()));
  stream->step(first, fresh);
  stream->read_state(state);
  stream->step(second, once);
  stream->write_state(state);
  stream->step(second, again);
  CHECK(once == again);
  stream->reset(1);
  const NamedData named{"token", first, {}};
  stream->step(std::span<const NamedData>(&named, 1), again);
  CHECK(std::equal(again.begin() + 7, again.end(), fresh.begin() + 7));
  CHECK(!std::equal(again.begin(), again.begin() + 7, fresh.begin()));
  stream->reset();
  stream->step(first, again);
  CHECK(again == fresh);
}

TEST("misuse: batches that do not fit are refused before anything changes") {
  const NetworkCase c = small_case();
  const std::unique_ptr<Network> network = make_network(c, 1);
  const Values before = read_group(*network, TensorGroup::parameters);
  auto refused = [&](auto change) {
    const OwnedBatch batch = make_batch(c, 0);
    Batch wrong = batch.view;
    change(wrong);
    CHECK_ERROR(network->train_step(wrong, {}), shape);
  };
  const std::vector<std::int32_t> high(18, 7), negative(18, -1), lengths{7, 1, 1}, short_ids(17, 0);
  const std::vector<float> weights(18, -1.0f), nan(18, std::numeric_limits<float>::quiet_NaN());
  const std::vector<std::uint8_t> resets(17);
  refused([&](Batch& b) { b.batch = 0; });
  refused([&](Batch& b) { b.time = 5; });
  refused([&](Batch& b) { b.inputs[0].ids = high; });
  refused([&](Batch& b) { b.inputs[0].ids = negative; });
  refused([&](Batch& b) { b.inputs[0].ids = short_ids; });
  refused([&](Batch& b) { b.inputs[0].name = "other"; });
  refused([&](Batch& b) { b.inputs.clear(); });
  refused([&](Batch& b) { b.targets[0].ids = high; });
  refused([&](Batch& b) { b.targets.clear(); });
  refused([&](Batch& b) { b.weights = weights; });
  refused([&](Batch& b) { b.weights = nan; });
  refused([&](Batch& b) { b.lengths = lengths; });
  refused([&](Batch& b) { b.resets = resets; });
  refused([&](Batch& b) { b.row_offset = -1; });
  refused([&](Batch& b) { b.row_offset = std::numeric_limits<std::int64_t>::max(); });
  CHECK_ERROR(network->update({}), shape);
  CHECK(read_group(*network, TensorGroup::parameters) == before && network->step_count() == 0);
}

TEST("misuse: specs that cannot be built are refused with the path of the fault") {
  auto refused = [](const NetworkSpec& spec, const std::string& path) {
    try {
      Network::create(spec, {});
      fail(__FILE__, __LINE__, "expected a refusal at " + path);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::spec);
      CHECK_MESSAGE(std::string(error.what()).find(path) == 0, std::string("got ") + error.what());
    }
  };
  const NetworkSpec good = small_case().spec;
  NetworkSpec s = good;
  s.inputs.clear();
  refused(s, "inputs:");
  s = good;
  s.inputs[0].vocabulary = 0;
  refused(s, "inputs[0].vocabulary");
  s = good;
  s.layers[0].return_sequences = false;
  refused(s, "layers[1].kind");
  s = good;
  s.layers[1].recurrent_dropout = 1;
  refused(s, "layers[1].recurrentDropout");
  s = good;
  s.layers[1].recurrent_dropout = std::nan("");
  refused(s, "layers[1].recurrentDropout");
  s = good;
  s.heads.push_back(s.heads[0]);
  refused(s, "heads[1].name");
  s = good;
  s.heads[0].smoothing = 1;
  refused(s, "heads[0].smoothing: expected a share in [0, 1), got 1");
  s.heads[0].smoothing = std::nan("");
  refused(s, "heads[0].smoothing");
  s = good;
  s.heads[0].tied = "tokens";
  refused(s, "heads[0].tied: expected the name of an embedding input, got 'tokens'");
  s.heads[0].tied = "token";
  refused(s,
          "heads[0].tied: expected 3 features before the head, as many as the embedding 'token' has units, got 4; end "
          "the layers with a linear dense layer of 3 units");
  s.heads[0].vocabulary = 8;
  refused(s, "heads[0].tied: expected an embedding of the head's vocabulary of 8, got one of 7");
  s.heads[0] = regression_head("velocity", 3);
  s.heads[0].tied = "token";
  refused(s, "heads[0].tied");
  CHECK_ERROR(Network::create(good, {.optimizer = {.epsilon = 0}}), spec);
  CHECK_ERROR(Network::create(good, {.threads = -1}), spec);
  CHECK_ERROR(Network::create(good, {.device = DeviceChoice::cuda}), device);
}

TEST("misuse: streams only where they make sense") {
  NetworkCase c = small_case();
  CHECK_ERROR(make_network(c, 1)->open_stream(0), shape);
  c.spec.layers[0] = bidirectional_layer(4);
  CHECK_ERROR(make_network(c, 1)->open_stream(1), unsupported);
  c.spec = {{simple_input(InputKind::dense, "x", 3)}, {lstm_layer(4)}, {regression_head("y", 2)}};
  CHECK_ERROR(make_network(c, 1)->open_stream(1), unsupported);
}

TEST("dispose: idempotent, and every later call says so, streams included") {
  const NetworkCase c = small_case();
  const std::unique_ptr<Network> network = make_network(c, 2);
  const std::unique_ptr<Stream> stream = network->open_stream(1);
  CHECK(network->memory_bytes() > 0);
  network->dispose();
  network->dispose();
  CHECK(network->disposed() && network->memory_bytes() == 0);
  const OwnedBatch batch = make_batch(c, 0);
  std::vector<float> logits(7);
  const std::vector<std::int32_t> id{1};
  CHECK_ERROR(network->train_step(batch.view, {}), disposed);
  CHECK_ERROR(network->tensors(TensorGroup::parameters), disposed);
  CHECK_ERROR(stream->step(id, logits), disposed);
  CHECK(network->parameters().size() == 9);
}

TEST("busy: a second call while one runs is refused, and dispose waits for it") {
  const NetworkCase c{.name = "busy", .spec = tutorial_spec(96, 32, 20, 0.3), .time = 30, .batch = 32};
  const std::unique_ptr<Network> network = make_network(c, 1);
  const OwnedBatch batch = make_batch(c, 0);
  std::atomic<bool> refused{false}, stop{false};
  // Steps one after another; a step itself may meet the other thread's call and be refused.
  std::thread worker([&] {
    while (!stop) {
      try {
        network->train_step(batch.view, {});
      } catch (const Error& error) {
        if (error.code() == ErrorCode::disposed) return;
        CHECK(error.code() == ErrorCode::busy);
      }
    }
  });
  for (int tries = 0; tries < 20000 && !refused; ++tries) {
    try {
      network->tensors(TensorGroup::parameters);
    } catch (const Error& error) {
      refused = error.code() == ErrorCode::busy;
    }
    std::this_thread::yield();
  }
  network->dispose();
  stop = true;
  worker.join();
  CHECK(refused && network->disposed());
}

TEST("tensors: written values come back; a wrong name or shape changes nothing") {
  const NetworkCase c = small_case();
  const std::unique_ptr<Network> a = make_network(c, 1, 1), b = make_network(c, 1, 2);
  const OwnedBatch batch = make_batch(c, 0);
  for (int step = 0; step < 2; ++step) a->train_step(batch.view, {});
  for (const TensorGroup group : {TensorGroup::parameters, TensorGroup::optimizer_slots}) {
    const Values values = read_group(*a, group);
    std::vector<std::vector<float>> data;
    std::vector<TensorView> views;
    for (const TensorInfo& info : a->tensors(group)) {
      data.emplace_back(values.at(info.name).begin(), values.at(info.name).end());
      views.push_back({info.name, info.shape, nullptr});
    }
    for (std::size_t i = 0; i < views.size(); ++i) views[i].data = data[i].data();
    const Values before = read_group(*b, group);
    std::vector<TensorView> wrong = views;
    wrong.back().name += "x";
    CHECK_ERROR(b->write(group, wrong), shape);
    wrong = views;
    wrong.back().shape.push_back(1);
    CHECK_ERROR(b->write(group, wrong), shape);
    wrong = views;
    wrong.pop_back();
    CHECK_ERROR(b->write(group, wrong), shape);
    CHECK(read_group(*b, group) == before);
    b->write(group, views);
    CHECK(read_group(*b, group) == values);
  }
  b->set_step_count(a->step_count());
  // The seeds differ, so that dropout masks would; without dropout the two would go on alike: compare by inference.
  CHECK(a->evaluate(batch.view).loss_sum == b->evaluate(batch.view).loss_sum);
}

TEST("a non-finite step is reported and changes nothing") {
  const NetworkCase c{.name = "nan",
                      .spec = {{simple_input(InputKind::dense, "x", 3)},
                               {lstm_layer(4), batch_norm_layer()},
                               {regression_head("y", 2)}},
                      .carry = true};
  const std::unique_ptr<Network> network = make_network(c, 1);
  OwnedBatch batch = make_batch(c, 0);
  network->train_step(batch.view, {});
  const Values parameters = read_group(*network, TensorGroup::parameters);
  const Values state = read_group(*network, TensorGroup::training_state);
  batch.values[0][5] = std::numeric_limits<float>::quiet_NaN();
  const StepResult result = network->train_step(batch.view, {});
  CHECK(!result.finite && !result.updated && network->step_count() == 1);
  CHECK(read_group(*network, TensorGroup::parameters) == parameters);
  CHECK(read_group(*network, TensorGroup::training_state) == state);
  batch.values[0][5] = 0;
  CHECK(network->train_step(batch.view, {}).updated);
}

}  // namespace rondo::test
