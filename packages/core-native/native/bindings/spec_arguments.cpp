#include "spec_arguments.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace rondo::bindings {

namespace {

std::string text(const Napi::Object& object, const char* key) {
  return object.Get(key).As<Napi::String>().Utf8Value();
}
double number(const Napi::Object& object, const char* key) {
  return object.Get(key).As<Napi::Number>().DoubleValue();
}
std::int64_t integer(const Napi::Object& object, const char* key) {
  return object.Get(key).As<Napi::Number>().Int64Value();
}
bool flag(const Napi::Object& object, const char* key) {
  return object.Get(key).As<Napi::Boolean>().Value();
}

template <class Choice>
Choice choice(const Napi::Object& object, const char* key,
              std::initializer_list<std::pair<const char*, Choice>> choices) {
  const std::string name = text(object, key);
  for (const auto& [known, value] : choices) {
    if (name == known) return value;
  }
  throw Error(ErrorCode::spec, std::string(key) + ": \"" + name + "\" is not known to this addon; rebuild it");
}

template <class Item>
std::vector<Item> list(const Napi::Object& object, const char* key, Item (*convert)(const Napi::Object&)) {
  const Napi::Array array = object.Get(key).As<Napi::Array>();
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::HandleScope scope(array.Env());
    items.push_back(convert(array.Get(i).As<Napi::Object>()));
  }
  return items;
}

Activation activation(const Napi::Object& object) {
  return choice<Activation>(object, "activation",
                            {{"linear", Activation::linear},
                             {"relu", Activation::relu},
                             {"tanh", Activation::tanh},
                             {"sigmoid", Activation::sigmoid},
                             {"softmax", Activation::softmax}});
}

InputSpec input_spec(const Napi::Object& object) {
  InputSpec input;
  input.kind = choice<InputKind>(object, "kind",
                                 {{"embedding", InputKind::embedding},
                                  {"scalar", InputKind::scalar},
                                  {"oneHot", InputKind::one_hot},
                                  {"dense", InputKind::dense}});
  input.name = text(object, "name");
  if (input.takes_ids()) input.vocabulary = integer(object, "vocabulary");
  if (object.Has("units")) input.units = integer(object, "units");
  return input;
}

void read_lstm(const Napi::Object& object, LayerSpec& layer) {
  layer.units = integer(object, "units");
  layer.bidirectional = flag(object, "bidirectional");
  layer.recurrent_dropout = number(object, "recurrentDropout");
  layer.recurrent_dropout_mode = choice<RecurrentDropoutMode>(
      object, "recurrentDropoutMode",
      {{"perGate", RecurrentDropoutMode::per_gate}, {"shared", RecurrentDropoutMode::shared}});
  layer.return_sequences = flag(object, "returnSequences");
  layer.gate_activation = choice<GateActivation>(
      object, "gateActivation", {{"sigmoid", GateActivation::sigmoid}, {"hardSigmoid", GateActivation::hard_sigmoid}});
}

LayerSpec layer_spec(const Napi::Object& object) {
  LayerSpec layer;
  layer.kind = choice<LayerKind>(object, "kind",
                                 {{"lstm", LayerKind::lstm},
                                  {"batchNorm", LayerKind::batch_norm},
                                  {"dropout", LayerKind::dropout},
                                  {"dense", LayerKind::dense},
                                  {"activation", LayerKind::activation}});
  switch (layer.kind) {
    case LayerKind::lstm:
      read_lstm(object, layer);
      break;
    case LayerKind::batch_norm:
      layer.momentum = number(object, "momentum");
      layer.epsilon = number(object, "epsilon");
      break;
    case LayerKind::dropout:
      layer.rate = number(object, "rate");
      layer.dropout_mode = choice<DropoutMode>(
          object, "mode", {{"perStep", DropoutMode::per_step}, {"perSequence", DropoutMode::per_sequence}});
      break;
    case LayerKind::dense:
      layer.units = integer(object, "units");
      layer.activation = activation(object);
      break;
    case LayerKind::activation:
      layer.activation = activation(object);
      break;
  }
  return layer;
}

HeadSpec head_spec(const Napi::Object& object) {
  HeadSpec head;
  head.kind = choice<HeadKind>(object, "kind", {{"softmax", HeadKind::softmax}, {"regression", HeadKind::regression}});
  head.name = text(object, "name");
  head.weight = number(object, "weight");
  if (head.kind == HeadKind::softmax) {
    head.vocabulary = integer(object, "vocabulary");
    head.smoothing = number(object, "smoothing");
    if (object.Get("tied").IsString()) head.tied = text(object, "tied");
  } else {
    head.units = integer(object, "units");
  }
  return head;
}

OptimizerSpec optimizer_spec(const Napi::Object& object) {
  OptimizerSpec optimizer;
  optimizer.kind = choice<OptimizerKind>(
      object, "kind",
      {{"rmsprop", OptimizerKind::rmsprop}, {"adam", OptimizerKind::adam}, {"adamw", OptimizerKind::adamw}});
  optimizer.epsilon = number(object, "epsilon");
  if (optimizer.kind == OptimizerKind::rmsprop) {
    optimizer.rho = number(object, "rho");
    optimizer.epsilon_placement = choice<EpsilonPlacement>(
        object, "epsilonPlacement",
        {{"insideRoot", EpsilonPlacement::inside_root}, {"outsideRoot", EpsilonPlacement::outside_root}});
    optimizer.momentum = number(object, "momentum");
    optimizer.centered = flag(object, "centered");
    return optimizer;
  }
  optimizer.beta1 = number(object, "beta1");
  optimizer.beta2 = number(object, "beta2");
  if (optimizer.kind == OptimizerKind::adamw) optimizer.weight_decay = number(object, "weightDecay");
  return optimizer;
}

}  // namespace

NetworkSpec network_spec(const Napi::Object& spec) {
  return {list(spec, "inputs", input_spec), list(spec, "layers", layer_spec), list(spec, "heads", head_spec)};
}

NetworkOptions network_options(const Napi::Object& config) {
  NetworkOptions options;
  options.seed = static_cast<std::uint64_t>(integer(config, "seed"));
  options.device = choice<DeviceChoice>(
      config, "device", {{"auto", DeviceChoice::automatic}, {"cpu", DeviceChoice::cpu}, {"cuda", DeviceChoice::cuda}});
  options.threads = static_cast<int>(integer(config, "threads"));
  if (config.Has("precision")) {
    options.precision = choice<Precision>(config, "precision",
                                          {{"auto", Precision::automatic},
                                           {"fp32", Precision::fp32},
                                           {"tf32", Precision::tf32},
                                           {"bf16", Precision::bf16}});
  }
  options.optimizer = optimizer_spec(config.Get("optimizer").As<Napi::Object>());
  return options;
}

WeightPrecision weight_precision(const Napi::Value& value) {
  const std::string name = value.As<Napi::String>().Utf8Value();
  if (name == "bf16") return WeightPrecision::bf16;
  if (name == "int8") return WeightPrecision::int8;
  if (name == "fp32") return WeightPrecision::fp32;
  throw Error(ErrorCode::spec, "precision: \"" + name + "\" is not known to this addon; rebuild it");
}

UpdateOptions update_options(const Napi::Object& update) {
  UpdateOptions options;
  options.learning_rate = number(update, "learningRate");
  if (update.Get("clipNorm").IsNumber()) options.clip_norm = number(update, "clipNorm");
  return options;
}

}  // namespace rondo::bindings
