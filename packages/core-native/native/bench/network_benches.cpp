// Training steps of whole networks, and one token with kept state.

#include "bench.h"
#include "rondo/network.h"

namespace rondo::bench {
namespace {

constexpr std::int64_t kVocabulary = 300;

LayerSpec lstm(std::int64_t units, double recurrent_dropout = 0) {
  LayerSpec layer;
  layer.units = units;
  layer.recurrent_dropout = recurrent_dropout;
  return layer;
}

LayerSpec layer_of(LayerKind kind) {
  LayerSpec layer;
  layer.kind = kind;
  layer.rate = 0.3;
  layer.units = 256;
  layer.activation = kind == LayerKind::dense ? Activation::linear : Activation::relu;
  return layer;
}

NetworkSpec with_head(InputSpec input, std::vector<LayerSpec> layers) {
  return {{std::move(input)}, std::move(layers), {{HeadKind::softmax, "next", kVocabulary, 0, 1.0}}};
}

/// The network of the appendix: a scalar in, three layers of 512, the last step alone goes on.
NetworkSpec tutorial() {
  LayerSpec last = lstm(512);
  last.return_sequences = false;
  const LayerSpec norm = layer_of(LayerKind::batch_norm), drop = layer_of(LayerKind::dropout);
  return with_head({InputKind::scalar, "tokens", kVocabulary, 0},
                   {lstm(512, 0.3), lstm(512, 0.3), last, norm, drop, layer_of(LayerKind::dense),
                    layer_of(LayerKind::activation), norm, drop});
}

/// The same without recurrent dropout: what the masks cost is the difference.
NetworkSpec tutorial_plain() {
  NetworkSpec spec = tutorial();
  for (LayerSpec& layer : spec.layers) layer.recurrent_dropout = 0;
  return spec;
}

NetworkSpec embedded(std::int64_t width, std::vector<LayerSpec> layers) {
  return with_head({InputKind::embedding, "tokens", kVocabulary, width}, std::move(layers));
}

/// The head reads the embedding's table behind a projection, with smoothed labels.
NetworkSpec tied() {
  LayerSpec projection = layer_of(LayerKind::dense);
  projection.units = 128;
  NetworkSpec spec = embedded(128, {lstm(384), lstm(384), projection});
  spec.heads[0].tied = "tokens";
  spec.heads[0].smoothing = 0.05;
  return spec;
}

NetworkSpec bilstm() {
  LayerSpec first = lstm(256, 0.3), last = lstm(256);
  first.bidirectional = last.bidirectional = true;
  last.return_sequences = false;
  return embedded(128, {first, last});
}

/// Multiply-adds, each counted as two, of forward, gradients of inputs and gradients of weights. An id that becomes one
/// number costs none; an embedding costs the products of its table, where that has fewer rows than the batch: what the
/// engine saves by that is not counted as done.
double training_flops(const NetworkSpec& spec, double time, double batch) {
  const double table = static_cast<double>(kVocabulary) / (time * batch);
  double width = spec.inputs[0].kind == InputKind::scalar ? 0 : static_cast<double>(spec.inputs[0].width());
  if (2 * table <= 1) width *= table;
  double products = 0, rows = time * batch;
  for (const LayerSpec& layer : spec.layers) {
    const double units = static_cast<double>(layer.units);
    if (layer.kind == LayerKind::lstm) {
      const double directions = layer.bidirectional ? 2 : 1;
      products += directions * rows * 4 * units * (width + units);
      width = directions * units;
      if (!layer.return_sequences) rows = batch;
    } else if (layer.kind == LayerKind::dense) {
      products += rows * width * units;
      width = units;
    }
  }
  return 3 * 2 * (products + rows * width * static_cast<double>(kVocabulary));
}

/// A network with a batch to train on.
struct Training {
  std::unique_ptr<Network> network;
  std::vector<std::int32_t> tokens, targets;
  Batch batch;
};

std::vector<std::int32_t> ids(std::int64_t count) {
  std::vector<std::int32_t> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back(static_cast<std::int32_t>(i * 7919 % kVocabulary));
  return out;
}

std::unique_ptr<Network> make_network(const NetworkSpec& spec, int threads) {
  NetworkOptions options;
  options.device = target().device;
  options.precision = target().precision;
  options.threads = threads;
  return Network::create(spec, options);
}

Case training_case(const std::string& name, const NetworkSpec& spec, std::int64_t time, std::int64_t batch,
                   int threads) {
  auto t = std::make_shared<Training>();
  t->network = make_network(spec, threads);
  t->tokens = ids(time * batch);
  t->targets = ids(t->network->returns_sequences() ? time * batch : batch);
  t->batch.batch = batch;
  t->batch.time = time;
  t->batch.inputs = {{"tokens", t->tokens, {}}};
  t->batch.targets = {{"next", t->targets, {}}};
  return {name,  training_flops(spec, static_cast<double>(time), static_cast<double>(batch)),
          0,     [t] { t->network->train_step(t->batch, {}); },
          batch, [t] { return t->network->memory_bytes(); }};
}

Entry training_entry(const std::string& name, NetworkSpec (*spec)(), std::int64_t time, std::int64_t batch) {
  return {name, [=](int threads) { return training_case(name, spec(), time, batch, threads); }};
}

struct Generation {
  std::unique_ptr<Network> network;
  std::unique_ptr<Stream> stream;
  std::vector<std::int32_t> token{17};
  std::vector<float> logits = std::vector<float>(static_cast<std::size_t>(kVocabulary));
};

Case one_token(const std::string& name, WeightPrecision precision, int threads) {
  auto g = std::make_shared<Generation>();
  g->network = make_network(tutorial(), threads);
  g->stream = g->network->open_stream(1, precision);
  return {name, 0,      static_cast<double>(g->stream->weight_bytes()), [g] { g->stream->step(g->token, g->logits); },
          0,    nullptr};
}

Entry one_token_entry(const std::string& name, WeightPrecision precision) {
  return {name, [=](int threads) { return one_token(name, precision, threads); }};
}

}  // namespace

std::vector<Entry> network_entries() {
  std::vector<Entry> entries{
      training_entry("train-step/tutorial", tutorial, 100, 128),
      training_entry(
          "train-step/tutorial-all",
          [] {
            return embedded(256, {lstm(512, 0.3), lstm(512, 0.3), lstm(512)});
          },
          100, 128),
      training_entry("train-step/bilstm", bilstm, 100, 128),
      training_entry(
          "train-step/small",
          [] {
            return embedded(128, {lstm(128), lstm(128)});
          },
          64, 32),
      training_entry("train-step/tied", tied, 64, 32),
      one_token_entry("one-token/tutorial/fp32", WeightPrecision::fp32),
  };
  if (target().device == DeviceChoice::cpu) {  // reduced weights are the CPU's alone
    entries.push_back(one_token_entry("one-token/tutorial/bf16", WeightPrecision::bf16));
    entries.push_back(one_token_entry("one-token/tutorial/int8", WeightPrecision::int8));
  } else {
    entries.push_back(training_entry("train-step/tutorial-plain", tutorial_plain, 100, 128));
  }
  return entries;
}

Entry batch_size_entry(std::int64_t batch) {
  return training_entry("batch-size/" + std::to_string(batch), tutorial, 100, batch);
}

}  // namespace rondo::bench
