#include "fuzz/fuzz_case.h"

#include <chrono>
#include <exception>

#include "fuzz/random_batch.h"
#include "fuzz/random_spec.h"
#include "rondo/forecast.h"

namespace rondo::fuzz {
namespace {

/// Networks above this are not made: the machine would spend the time on zeroing memory.
constexpr std::uint64_t kMostBytes = 32u << 20;
/// Networks above this cannot be made by any machine, and must be refused as such.
constexpr std::uint64_t kImpossibleBytes = std::uint64_t{1} << 48;

void tensor_calls(Chance& chance, Network& network, bool wild, Tally& tally) {
  const TensorGroup group = chance.kind<TensorGroup>(4);
  std::vector<TensorInfo> infos;
  attempt(tally, "tensors", [&] { infos = network.tensors(group); });
  std::vector<std::vector<float>> data;
  std::vector<float*> places;
  for (const TensorInfo& info : infos) {
    places.push_back(data.emplace_back(static_cast<std::size_t>(element_count(info.shape))).data());
  }
  if (wild && chance.one_in(5) && !places.empty()) places.pop_back();
  attempt(tally, "read", [&] { network.read(group, places); });
  std::vector<TensorView> views;
  std::vector<std::vector<float>> sources;
  for (TensorInfo& info : infos) {
    if (wild && chance.one_in(10)) info.name += "x";
    if (wild && chance.one_in(10)) info.shape.push_back(chance.whole(-2, 3));
    if (wild && chance.one_in(10) && !info.shape.empty()) info.shape[0] = chance.whole(-3, 9);
    const std::int64_t count = element_count(info.shape);
    sources.push_back(chance.floats(static_cast<std::size_t>(count < 0 ? 0 : count), wild && chance.one_in(4)));
    views.push_back({info.name, info.shape, sources.back().data()});
  }
  if (wild && chance.one_in(10) && !views.empty()) views.push_back(views.front());
  attempt(tally, "write", [&] { network.write(group, views); });
}

void update_call(Chance& chance, Network& network, bool wild, Tally& tally) {
  const UpdateOptions options{chance.number(0, 1, wild), chance.one_in(2) ? 0 : chance.number(0, 2, wild)};
  attempt(tally, "update", [&] { network.update(options); });
}

}  // namespace

void attempt(Tally& tally, const std::string& what, const std::function<void()>& call) {
  const auto began = std::chrono::steady_clock::now();
  std::string wrong;
  ++tally.calls;
  try {
    call();
  } catch (const Error& error) {
    ++tally.refused;
    if (error.code() == ErrorCode::internal) wrong = std::string("internal error: ") + error.what();
    if (std::string(error.what()).find('\n') != std::string::npos) wrong = "a message of several lines";
  } catch (const std::exception& error) {
    wrong = std::string("untyped exception: ") + error.what();
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
  if (taken.count() > tally.slowest) tally.slowest = taken.count();
  if (!wrong.empty() && tally.failure.empty()) tally.failure = what + ": " + wrong;
}

std::unique_ptr<Network> try_network(Chance& chance, bool wild, Tally& tally) {
  const NetworkSpec spec = random_spec(chance, wild);
  NetworkOptions options;
  options.seed = static_cast<std::uint64_t>(chance.whole(0, 1 << 20));
  options.device = DeviceChoice::cpu;
  options.threads = static_cast<int>(wild && chance.one_in(20) ? chance.whole(-2, 2000) : chance.whole(1, 3));
  options.optimizer = random_optimizer(chance, wild);
  if (options.threads > 16) options.threads = 5000;  // refused; a thousand threads would only be slow
  std::uint64_t bytes = 0;
  attempt(tally, "forecast", [&] {
    bytes = forecast_memory(spec, options, wild ? chance.size(9, true) : 5, wild ? chance.size(9, true) : 6).parameters;
  });
  std::unique_ptr<Network> network;
  if (bytes > kMostBytes && bytes < kImpossibleBytes) return network;
  if (bytes == 0) {  // the forecast may have refused the batch alone
    try {
      bytes = forecast_memory(spec, options, 1, 1).parameters;
    } catch (const Error&) {
    }
    if (bytes > kMostBytes && bytes < kImpossibleBytes) return network;
  }
  attempt(tally, "create", [&] { network = Network::create(spec, options); });
  return network;
}

void stream_calls(Chance& chance, Network& network, bool wild, Tally& tally) {
  std::unique_ptr<Stream> stream;
  const std::int64_t rows = wild && chance.one_in(5) ? chance.whole(-1, 0) : chance.whole(1, 3);
  attempt(tally, "open_stream", [&] { stream = network.open_stream(rows); });
  if (!stream) return;
  const std::int64_t vocabulary = network.spec().inputs[0].takes_ids() ? network.spec().inputs[0].vocabulary : 3;
  for (int i = 0; i < 4; ++i) {
    if (wild && chance.one_in(10)) network.dispose();
    const std::int64_t count = chance.whole(wild ? 0 : 1, 4);
    std::vector<std::int32_t> ids = random_ids(chance, count * rows + (wild && chance.one_in(8)), vocabulary, wild);
    std::vector<float> logits(static_cast<std::size_t>(rows * stream->vocabulary() + (wild && chance.one_in(8))));
    attempt(tally, "steps", [&] { stream->steps(ids, count, logits); });
    test::OwnedBatch batch;
    fill_batch(chance, network, wild, batch);
    attempt(tally, "step", [&] { stream->step(batch.view.inputs, logits); });
    attempt(tally, "reset", [&] { stream->reset(chance.whole(-1, wild ? 5 : rows - 1)); });
    std::vector<float> state(static_cast<std::size_t>(stream->state_size() + (wild && chance.one_in(8))));
    attempt(tally, "read_state", [&] { stream->read_state(state); });
    attempt(tally, "write_state", [&] { stream->write_state(state); });
  }
}

void random_call(Chance& chance, Network& network, bool wild, Tally& tally) {
  test::OwnedBatch batch;
  fill_batch(chance, network, wild, batch);
  const UpdateOptions update{chance.number(1e-4, 0.1, wild), chance.one_in(2) ? 0 : 1.0};
  switch (chance.whole(0, 9)) {
    case 0:
    case 1:
      attempt(tally, "train_step", [&] {
        const StepResult result = network.train_step(batch.view, update);
        if (result.updated && !result.finite) throw std::logic_error("an update from figures that are not finite");
      });
      break;
    case 2:
      attempt(tally, "accumulate", [&] { network.accumulate(batch.view); });
      break;
    case 3:
      update_call(chance, network, wild, tally);
      break;
    case 4:
      attempt(tally, "evaluate", [&] { network.evaluate(batch.view); });
      break;
    case 5:
      attempt(tally, "predict", [&] {
        const std::int64_t right = network.returns_sequences() ? 30 : 5;
        std::int64_t size = right;
        if (batch.view.time <= 6 && batch.view.batch <= 5 && batch.view.time > 0 && batch.view.batch > 0) {
          size = network.prediction_size(batch.view) + (wild && chance.one_in(6));
        }
        std::vector<float> out(static_cast<std::size_t>(size));
        network.predict(batch.view, out);
      });
      break;
    case 6:
      tensor_calls(chance, network, wild, tally);
      break;
    case 7:
      stream_calls(chance, network, wild, tally);
      break;
    case 8:
      attempt(tally, "reset_state", [&] { network.reset_state(); });
      break;
    default:
      attempt(tally, "set_step_count",
              [&] { network.set_step_count(static_cast<std::uint64_t>(chance.whole(0, wild ? INT64_MAX : 1000))); });
  }
}

}  // namespace rondo::fuzz
