#include "network_cases.h"

namespace rondo::test {

InputSpec embedding_input(const std::string& name, Index vocabulary, Index units) {
  return {InputKind::embedding, name, vocabulary, units};
}

InputSpec simple_input(InputKind kind, const std::string& name, Index size) {
  return kind == InputKind::dense ? InputSpec{kind, name, 0, size} : InputSpec{kind, name, size, 0};
}

LayerSpec lstm_layer(Index units, double recurrent_dropout, bool return_sequences) {
  LayerSpec s;
  s.kind = LayerKind::lstm;
  s.units = units;
  s.recurrent_dropout = recurrent_dropout;
  s.return_sequences = return_sequences;
  return s;
}

LayerSpec bidirectional_layer(Index units, double recurrent_dropout, bool return_sequences) {
  LayerSpec s = lstm_layer(units, recurrent_dropout, return_sequences);
  s.bidirectional = true;
  return s;
}

LayerSpec batch_norm_layer() {
  LayerSpec s;
  s.kind = LayerKind::batch_norm;
  return s;
}

LayerSpec dropout_layer(double rate, DropoutMode mode) {
  LayerSpec s;
  s.kind = LayerKind::dropout;
  s.rate = rate;
  s.dropout_mode = mode;
  return s;
}

LayerSpec dense_layer(Index units, Activation activation) {
  LayerSpec s;
  s.kind = LayerKind::dense;
  s.units = units;
  s.activation = activation;
  return s;
}

LayerSpec activation_layer(Activation activation) {
  LayerSpec s;
  s.kind = LayerKind::activation;
  s.activation = activation;
  return s;
}

HeadSpec softmax_head(const std::string& name, Index vocabulary, double weight) {
  return {HeadKind::softmax, name, vocabulary, 0, weight};
}

HeadSpec tied_head(const std::string& name, Index vocabulary, const std::string& input, double smoothing) {
  HeadSpec s = softmax_head(name, vocabulary);
  s.tied = input;
  s.smoothing = smoothing;
  return s;
}

HeadSpec regression_head(const std::string& name, Index units, double weight) {
  return {HeadKind::regression, name, 0, units, weight};
}

NetworkSpec tutorial_spec(Index units, Index dense, Index vocabulary, double rate) {
  return {{simple_input(InputKind::scalar, "token", vocabulary)},
          {lstm_layer(units, rate), lstm_layer(units, rate), lstm_layer(units, 0, false), batch_norm_layer(),
           dropout_layer(rate), dense_layer(dense), activation_layer(Activation::relu), batch_norm_layer(),
           dropout_layer(rate)},
          {softmax_head("token", vocabulary)}};
}

std::vector<NetworkCase> network_cases() {
  std::vector<NetworkCase> cases;
  auto add = [&](NetworkCase c) { cases.push_back(std::move(c)); };
  // Batch norm takes out what the last LSTM's bias adds, so that its gradient is the rest of terms that cancel.
  add({.name = "tutorial", .spec = tutorial_spec(5, 4, 7, 0.3), .batch = 9, .gradient_tolerance = 1e-4});
  add({.name = "embedding, carried state, clipping",
       .spec = {{embedding_input("token", 7, 3)},
                {lstm_layer(5, 0.3), dropout_layer(0.2), lstm_layer(4)},
                {softmax_head("token", 7)}},
       .weights = true,
       .resets = true,
       .carry = true,
       .optimizer = {.kind = OptimizerKind::adam},
       .clip_norm = 0.05});
  LayerSpec shared = lstm_layer(4, 0.4);
  shared.recurrent_dropout_mode = RecurrentDropoutMode::shared;
  shared.gate_activation = GateActivation::hard_sigmoid;
  add({.name = "four inputs, three heads, lengths",
       .spec = {{embedding_input("pitch", 7, 3), simple_input(InputKind::one_hot, "step", 4),
                 simple_input(InputKind::dense, "features", 2), embedding_input("track", 3, 2)},
                {shared, batch_norm_layer(), dropout_layer(0.3, DropoutMode::per_sequence),
                 dense_layer(6, Activation::tanh)},
                {regression_head("velocity", 2, 0.5), softmax_head("pitch", 7), softmax_head("step", 4, 2)}},
       .batch = 6,
       .weights = true,
       .lengths = true,
       .resets = true,
       .row_offset = 12,
       .optimizer = {.kind = OptimizerKind::adamw}});
  add({.name = "bidirectional",
       .spec = {{simple_input(InputKind::one_hot, "token", 6)},
                {bidirectional_layer(4, 0.3), bidirectional_layer(3), dense_layer(5, Activation::sigmoid)},
                {softmax_head("token", 6)}},
       .weights = true,
       .lengths = true,
       .resets = true,
       .optimizer = {.momentum = 0.9}});
  add({.name = "bidirectional, last only, lengths",
       .spec = {{embedding_input("token", 6, 3)},
                {bidirectional_layer(4, 0.3, false), batch_norm_layer(), activation_layer(Activation::softmax)},
                {softmax_head("token", 6), regression_head("next", 3)}},
       .batch = 7,
       .lengths = true});
  add({.name = "tied, table read by the LSTM, smoothing",
       .spec = {{embedding_input("token", 7, 6)},
                {lstm_layer(9, 0.3), dropout_layer(0.2), dense_layer(6)},
                {tied_head("token", 7, "token", 0.1)}},
       .weights = true,
       .carry = true,
       .optimizer = {.kind = OptimizerKind::adamw},
       .clip_norm = 0.5});
  add({.name = "tied twice, two inputs, three heads, lengths",
       .spec = {{embedding_input("pitch", 7, 5), embedding_input("step", 4, 5)},
                {lstm_layer(5)},
                {tied_head("pitch", 7, "pitch"), regression_head("velocity", 2), tied_head("after", 7, "pitch", 0.3),
                 tied_head("step", 4, "step")}},
       .batch = 6,
       .lengths = true,
       .resets = true});
  add({.name = "tied, no layers", .spec = {{embedding_input("token", 6, 4)}, {}, {tied_head("token", 6, "token")}}});
  add({.name = "no recurrence",
       .spec = {{embedding_input("token", 6, 4)}, {dense_layer(5, Activation::relu)}, {softmax_head("token", 6)}}});
  add({.name = "head alone", .spec = {{simple_input(InputKind::dense, "x", 3)}, {}, {regression_head("y", 2)}}});
  return cases;
}

OwnedBatch make_batch(const NetworkCase& c, std::uint64_t step) {
  OwnedBatch b;
  Batch& v = b.view;
  v.batch = c.batch;
  v.time = c.time;
  v.carry_state = c.carry;
  v.row_offset = c.row_offset;
  std::uint64_t salt = 1000 * (step + 1);
  const Index steps = c.time * c.batch;
  bool sequence = true;
  for (const LayerSpec& layer : c.spec.layers) {
    if (layer.kind == LayerKind::lstm) sequence = layer.return_sequences;
  }
  const Index rows = sequence ? steps : c.batch;
  auto add = [&](std::vector<NamedData>& to, const std::string& name, bool ids, Index count, Index size) {
    NamedData data{name, {}, {}};
    if (ids) {
      std::vector<std::int32_t> own;
      for (const double u : make_values(count, salt++, 0.5, 0.5))
        own.push_back(static_cast<std::int32_t>(u * static_cast<double>(size)));
      b.ids.push_back(std::move(own));
      data.ids = b.ids.back();
    } else {
      const Vector own = make_values(count * size, salt++);
      b.values.emplace_back(own.begin(), own.end());
      data.values = b.values.back();
    }
    to.push_back(data);
  };
  for (const InputSpec& input : c.spec.inputs) {
    add(v.inputs, input.name, input.takes_ids(), steps, input.takes_ids() ? input.vocabulary : input.units);
  }
  for (const HeadSpec& head : c.spec.heads)
    add(v.targets, head.name, head.kind == HeadKind::softmax, rows, head.width());
  if (c.weights) {
    for (const double w : make_values(rows, salt++, 0.5, 0.5))
      b.weights.push_back(w < 0.2 ? 0.0f : static_cast<float>(w));
  }
  for (Index r = 0; r < c.batch && c.lengths; ++r)
    b.lengths.push_back(static_cast<std::int32_t>(c.time - r % (c.time + 1)));
  for (Index n = 0; n < steps && c.resets; ++n) b.resets.push_back(n % 5 == 2);
  v.weights = b.weights;
  v.lengths = b.lengths;
  v.resets = b.resets;
  return b;
}

std::unique_ptr<Network> make_network(const NetworkCase& c, int threads, std::uint64_t seed, DeviceChoice device,
                                      Precision precision) {
  NetworkOptions options;
  options.seed = seed;
  options.device = device;
  options.precision = precision;
  options.threads = threads;
  options.optimizer = c.optimizer;
  return Network::create(c.spec, options);
}

Values read_group(const Network& network, TensorGroup group) {
  const std::vector<TensorInfo> infos = network.tensors(group);
  std::vector<std::vector<float>> data;
  std::vector<float*> pointers;
  for (const TensorInfo& info : infos) data.emplace_back(static_cast<std::size_t>(element_count(info.shape)));
  for (std::vector<float>& d : data) pointers.push_back(d.data());
  network.read(group, pointers);
  Values values;
  for (std::size_t i = 0; i < infos.size(); ++i) values[infos[i].name] = {data[i].begin(), data[i].end()};
  return values;
}

reference::ReferenceNetwork make_reference_network(const NetworkCase& c, const Network& network, std::uint64_t seed) {
  reference::ReferenceNetwork r(c.spec, seed);
  r.parameters = read_group(network, TensorGroup::parameters);
  return r;
}

}  // namespace rondo::test
