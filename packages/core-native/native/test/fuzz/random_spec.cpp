#include "fuzz/random_spec.h"

namespace rondo::fuzz {
namespace {

constexpr std::int64_t kMostUnits = 20;

std::string name(Chance& chance, const char* start, std::size_t index, bool wild) {
  static const std::vector<std::string> odd{"", "a.b", "input0", "head0", "\xff\xfe", std::string(10'000, 'x')};
  return wild && chance.one_in(12) ? chance.of(odd) : start + std::to_string(index);
}

InputSpec random_input(Chance& chance, std::size_t index, bool wild) {
  InputSpec input;
  input.kind = chance.kind<InputKind>(4);
  input.name = name(chance, "input", index, wild);
  input.vocabulary = chance.size(kMostUnits, wild);
  input.units = chance.size(kMostUnits, wild);
  return input;
}

LayerSpec random_layer(Chance& chance, bool wild) {
  LayerSpec layer;
  layer.kind = chance.one_in(2) ? LayerKind::lstm : chance.kind<LayerKind>(5);
  layer.units = chance.size(kMostUnits, wild);
  layer.bidirectional = chance.one_in(4);
  layer.recurrent_dropout = chance.one_in(2) ? 0 : chance.number(0, 0.9, wild);
  layer.recurrent_dropout_mode = chance.kind<RecurrentDropoutMode>(2);
  layer.return_sequences = !chance.one_in(6);
  layer.gate_activation = chance.kind<GateActivation>(2);
  layer.momentum = chance.number(0, 0.99, wild);
  layer.epsilon = chance.number(1e-6, 1e-2, wild);
  layer.rate = chance.number(0, 0.9, wild);
  layer.dropout_mode = chance.kind<DropoutMode>(2);
  layer.activation = chance.kind<Activation>(5);
  return layer;
}

HeadSpec random_head(Chance& chance, std::size_t index, bool wild) {
  HeadSpec head;
  head.kind = chance.one_in(4) ? HeadKind::regression : HeadKind::softmax;
  head.name = name(chance, "head", index, wild);
  head.vocabulary = chance.size(kMostUnits, wild);
  head.units = chance.size(kMostUnits, wild);
  head.weight = chance.one_in(2) ? 1 : chance.number(0, 3, wild);
  if (head.kind == HeadKind::softmax && chance.one_in(4)) head.smoothing = chance.number(0, 0.5, wild);
  return head;
}

/// Sometimes one that can be tied, sometimes one that must be refused.
void tie_a_head(Chance& chance, NetworkSpec& spec, bool wild) {
  if (spec.inputs.empty() || spec.heads.empty() || !chance.one_in(3)) return;
  const InputSpec& input = spec.inputs[0];
  HeadSpec& head = spec.heads[0];
  const bool fits = input.kind == InputKind::embedding && head.kind == HeadKind::softmax;
  if (!fits && !wild) return;
  head.tied = input.name;
  if (wild && chance.one_in(2)) return;
  head.vocabulary = input.vocabulary;
  LayerSpec projection;
  projection.kind = LayerKind::dense;
  projection.units = input.units;
  spec.layers.push_back(projection);
}

}  // namespace

NetworkSpec random_spec(Chance& chance, bool wild) {
  NetworkSpec spec;
  const auto count = [&](std::int64_t usual) {
    return static_cast<std::size_t>(wild && chance.one_in(10) ? 0 : chance.whole(1, usual));
  };
  for (std::size_t i = 0, n = count(2); i < n; ++i) spec.inputs.push_back(random_input(chance, i, wild));
  for (std::size_t i = 0, n = count(4); i < n; ++i) spec.layers.push_back(random_layer(chance, wild));
  for (std::size_t i = 0, n = count(2); i < n; ++i) spec.heads.push_back(random_head(chance, i, wild));
  tie_a_head(chance, spec, wild);
  return spec;
}

OptimizerSpec random_optimizer(Chance& chance, bool wild) {
  OptimizerSpec optimizer;
  optimizer.kind = chance.kind<OptimizerKind>(3);
  optimizer.epsilon = chance.number(1e-8, 1e-3, wild);
  optimizer.rho = chance.number(0, 0.99, wild);
  optimizer.epsilon_placement = chance.kind<EpsilonPlacement>(2);
  optimizer.momentum = chance.one_in(2) ? 0 : chance.number(0, 0.9, wild);
  optimizer.centered = chance.one_in(3);
  optimizer.beta1 = chance.number(0, 0.99, wild);
  optimizer.beta2 = chance.number(0, 0.999, wild);
  optimizer.weight_decay = chance.number(0, 0.1, wild);
  return optimizer;
}

}  // namespace rondo::fuzz
