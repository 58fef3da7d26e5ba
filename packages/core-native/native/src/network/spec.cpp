// Checks of specs: what cannot be built is refused here, with the path of the fault.

#include <algorithm>
#include <cmath>
#include <set>

#include "rondo/error.h"
#include "rondo/network_spec.h"
#include "rondo/optimizer.h"
#include "rondo/rng.h"

namespace rondo {
namespace {

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

[[noreturn]] void refuse(const std::string& path, const std::string& expected, const std::string& received) {
  throw Error(ErrorCode::spec, path + ": expected " + expected + ", got " + received);
}

void check_size(const std::string& path, std::int64_t value) {
  if (value < 1 || value >= kMaxRandomUnits) refuse(path, "a whole number in 1 … 4194303", std::to_string(value));
}

/// Written so that NaN is refused too.
void check_range(const std::string& path, double value, bool ok, const std::string& expected) {
  if (!ok || !std::isfinite(value)) refuse(path, expected, number(value));
}

void check_name(const std::string& path, const std::string& name, std::set<std::string>& seen) {
  if (name.empty() || name.find('.') != std::string::npos) refuse(path, "a name without dots", "'" + name + "'");
  if (!seen.insert(name).second) refuse(path, "a name that is not used yet", "'" + name + "'");
}

void check_inputs(const NetworkSpec& spec) {
  if (spec.inputs.empty()) refuse("inputs", "at least one input", "none");
  std::set<std::string> names;
  for (std::size_t i = 0; i < spec.inputs.size(); ++i) {
    const InputSpec& input = spec.inputs[i];
    const std::string path = "inputs[" + std::to_string(i) + "].";
    check_name(path + "name", input.name, names);
    if (input.takes_ids()) check_size(path + "vocabulary", input.vocabulary);
    if (input.kind == InputKind::embedding || input.kind == InputKind::dense) check_size(path + "units", input.units);
  }
}

void check_layer(const LayerSpec& layer, const std::string& path, bool sequence) {
  switch (layer.kind) {
    case LayerKind::lstm:
      check_size(path + "units", layer.units);
      check_range(path + "recurrentDropout", layer.recurrent_dropout,
                  layer.recurrent_dropout >= 0 && layer.recurrent_dropout < 1, "a rate in [0, 1)");
      if (!sequence) {
        throw Error(ErrorCode::spec, path +
                                         "kind: expected no lstm after an lstm with returnSequences false; set "
                                         "returnSequences of the earlier one to true");
      }
      break;
    case LayerKind::batch_norm:
      check_range(path + "momentum", layer.momentum, layer.momentum >= 0 && layer.momentum < 1, "a value in [0, 1)");
      check_range(path + "epsilon", layer.epsilon, layer.epsilon > 0, "a value above 0");
      break;
    case LayerKind::dropout:
      check_range(path + "rate", layer.rate, layer.rate >= 0 && layer.rate < 1, "a rate in [0, 1)");
      break;
    case LayerKind::dense:
      check_size(path + "units", layer.units);
      break;
    case LayerKind::activation:
      break;
  }
}

/// Features of what the heads read.
std::int64_t trunk_width(const NetworkSpec& spec) {
  std::int64_t width = 0;
  for (const InputSpec& input : spec.inputs) width += input.width();
  for (const LayerSpec& layer : spec.layers) {
    if (layer.kind == LayerKind::lstm) width = layer.bidirectional ? 2 * layer.units : layer.units;
    if (layer.kind == LayerKind::dense) width = layer.units;
  }
  return width;
}

void check_tied(const NetworkSpec& spec, const HeadSpec& head, const std::string& path) {
  const auto input = std::find_if(spec.inputs.begin(), spec.inputs.end(), [&](const InputSpec& i) {
    return i.kind == InputKind::embedding && i.name == head.tied;
  });
  if (input == spec.inputs.end()) refuse(path, "the name of an embedding input", "'" + head.tied + "'");
  if (input->vocabulary != head.vocabulary) {
    refuse(path, "an embedding of the head's vocabulary of " + std::to_string(head.vocabulary),
           "one of " + std::to_string(input->vocabulary));
  }
  if (trunk_width(spec) == input->units) return;
  const std::string units = std::to_string(input->units);
  throw Error(ErrorCode::spec, path + ": expected " + units + " features before the head, as many as the embedding '" +
                                   head.tied + "' has units, got " + std::to_string(trunk_width(spec)) +
                                   "; end the layers with a linear dense layer of " + units + " units");
}

void check_heads(const NetworkSpec& spec) {
  if (spec.heads.empty()) refuse("heads", "at least one head", "none");
  std::set<std::string> names;
  for (std::size_t i = 0; i < spec.heads.size(); ++i) {
    const HeadSpec& head = spec.heads[i];
    const std::string path = "heads[" + std::to_string(i) + "].";
    check_name(path + "name", head.name, names);
    check_size(path + (head.kind == HeadKind::softmax ? "vocabulary" : "units"), head.width());
    check_range(path + "weight", head.weight, head.weight >= 0, "a weight of 0 or more");
    const bool softmax = head.kind == HeadKind::softmax;
    check_range(path + "smoothing", head.smoothing,
                head.smoothing >= 0 && head.smoothing < 1 && (softmax || head.smoothing == 0),
                softmax ? "a share in [0, 1)" : "none for a regression head");
    if (head.tied.empty()) continue;
    if (!softmax) refuse(path + "tied", "none for a regression head", "'" + head.tied + "'");
    check_tied(spec, head, path + "tied");
  }
}

}  // namespace

void validate(const NetworkSpec& spec) {
  check_inputs(spec);
  if (spec.layers.size() >= kMaxRandomLayers) refuse("layers", "at most 4095", std::to_string(spec.layers.size()));
  bool sequence = true;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    check_layer(spec.layers[i], "layers[" + std::to_string(i) + "].", sequence);
    if (spec.layers[i].kind == LayerKind::lstm) sequence = spec.layers[i].return_sequences;
  }
  check_heads(spec);
}

void validate(const OptimizerSpec& spec) {
  auto share = [](const std::string& path, double value) {
    check_range("optimizer." + path, value, value >= 0 && value < 1, "a value in [0, 1)");
  };
  check_range("optimizer.epsilon", spec.epsilon, spec.epsilon > 0, "a value above 0");
  if (spec.kind == OptimizerKind::rmsprop) {
    share("rho", spec.rho);
    share("momentum", spec.momentum);
    return;
  }
  share("beta1", spec.beta1);
  share("beta2", spec.beta2);
  check_range("optimizer.weightDecay", spec.weight_decay, spec.weight_decay >= 0, "a value of 0 or more");
}

std::vector<std::string> slot_names(const OptimizerSpec& spec) {
  if (spec.kind != OptimizerKind::rmsprop) return {"momentum", "velocity"};
  std::vector<std::string> names{"velocity"};
  if (spec.momentum > 0) names.emplace_back("momentum");
  if (spec.centered) names.emplace_back("averageGradient");
  return names;
}

}  // namespace rondo
