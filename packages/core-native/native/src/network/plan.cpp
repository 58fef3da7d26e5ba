#include "network/plan.h"

#include <algorithm>

namespace rondo {
namespace {

void plan_inputs(NetworkPlan& plan) {
  for (const InputSpec& input : plan.spec.inputs) {
    InputPlan p{input, plan.input_width, -1};
    if (input.kind == InputKind::embedding) {
      p.parameter = plan.layout.find("inputs." + input.name + ".embedding");
      plan.trains_embedding = true;
    }
    plan.input_width += input.width();
    plan.inputs.push_back(p);
  }
}

std::int64_t output_width(const LayerSpec& layer, std::int64_t width) {
  if (layer.kind == LayerKind::lstm) return layer.bidirectional ? 2 * layer.units : layer.units;
  return layer.kind == LayerKind::dense ? layer.units : width;
}

void plan_layer(NetworkPlan& plan, const LayerSpec& layer, int& parameter, const Backend& backend) {
  LayerPlan p;
  p.spec = layer;
  p.input = plan.trunk_width;
  p.output = output_width(layer, p.input);
  p.sequence_in = plan.returns_sequences;
  p.sequence_out = layer.kind == LayerKind::lstm ? layer.return_sequences : p.sequence_in;
  p.wants_dx = plan.trunk_trained;
  const int counts[] = {3 * p.directions(), 4, 0, 2, 0};  // by LayerKind
  const int count = counts[static_cast<int>(layer.kind)];
  if (count > 0) p.parameter = parameter;
  parameter += count;
  plan.trunk_trained = plan.trunk_trained || count > 0;
  if (layer.kind == LayerKind::lstm) {
    p.state = static_cast<int>(plan.lstm_layers.size());
    plan.lstm_layers.push_back(static_cast<int>(plan.layers.size()));
    plan.bidirectional = plan.bidirectional || layer.bidirectional;
    for (int d = 0; d < p.directions(); ++d) {
      p.packed[d] = plan.packed_size;
      plan.packed_size += backend.lstm_packed_size(p.input, layer.units);
    }
  } else if (layer.kind == LayerKind::dense) {
    p.packed[0] = plan.packed_size;
    plan.packed_size += backend.dense_packed_size(p.input, p.output);
  }
  plan.returns_sequences = p.sequence_out;
  plan.trunk_width = p.output;
  plan.layers.push_back(p);
}

}  // namespace

NetworkPlan make_plan(const NetworkSpec& spec, const Backend& backend) {
  NetworkPlan plan;
  plan.spec = spec;
  plan.layout = make_layout(spec);
  plan_inputs(plan);
  plan.trunk_width = plan.input_width;
  plan.trunk_trained = plan.trains_embedding;
  int parameter = plan.trains_embedding
                      ? static_cast<int>(std::count_if(plan.inputs.begin(), plan.inputs.end(),
                                                       [](const InputPlan& p) { return p.parameter >= 0; }))
                      : 0;
  for (const LayerSpec& layer : spec.layers) plan_layer(plan, layer, parameter, backend);
  for (const HeadSpec& head : spec.heads) {
    if (head.kind == HeadKind::softmax && plan.first_softmax < 0) {
      plan.first_softmax = static_cast<int>(plan.heads.size());
    }
    const int kernel = head.tied.empty() ? parameter++ : plan.layout.find("inputs." + head.tied + ".embedding");
    plan.heads.push_back({head, kernel, parameter++, plan.packed_size});
    plan.packed_size += backend.dense_packed_size(plan.trunk_width, head.width());
  }
  return plan;
}

}  // namespace rondo
