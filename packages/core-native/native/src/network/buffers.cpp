#include "network/buffers.h"

#include <algorithm>

namespace rondo {

LstmShape lstm_shape(const LayerPlan& plan, const BatchShape& shape, int direction) {
  LstmShape s;
  s.time = shape.time;
  s.batch = shape.batch;
  s.input = plan.input;
  s.units = plan.spec.units;
  s.reverse = direction == 1;
  s.gate_activation = plan.spec.gate_activation;
  if (shape.training && plan.spec.recurrent_dropout > 0) {
    s.mask_count = plan.spec.recurrent_dropout_mode == RecurrentDropoutMode::per_gate ? 4 : 1;
  }
  return s;
}

void Buffers::place_layer(const LayerPlan& plan, const Backend& backend, const float* x, LayerBuffers& layer,
                          Bump& bump) const {
  const std::int64_t steps = shape.time * shape.batch;
  const std::int64_t rows = plan.sequence_out ? steps : shape.batch;
  const std::int64_t units = plan.spec.units;
  layer = LayerBuffers{};
  layer.x = x;
  for (int d = 0; d < plan.directions(); ++d) {
    LstmBuffers& lstm = layer.lstm[d];
    if (!reduced) lstm.gates = bump.take<float>(backend.lstm_gates_size(lstm_shape(plan, shape, d)));
    lstm.h = bump.take<float>((steps + shape.batch) * units);
    lstm.c = bump.take<float>((steps + shape.batch) * units);
    lstm.masks = bump.take<float>(lstm_shape(plan, shape, d).mask_count * shape.batch * units);
  }
  switch (plan.spec.kind) {
    case LayerKind::lstm:
      if (plan.spec.bidirectional) {
        layer.y = bump.take<float>(rows * plan.output);
      } else if (layer.lstm[0].h) {  // the states after the steps are the output
        layer.y = layer.lstm[0].h + (plan.sequence_out ? shape.batch : steps) * units;
      }
      return;
    case LayerKind::batch_norm:
      layer.mean = bump.take<float>(plan.output);
      layer.inverse_deviation = bump.take<float>(plan.output);
      layer.moving_mean = bump.take<float>(plan.output);
      layer.moving_variance = bump.take<float>(plan.output);
      break;
    case LayerKind::dropout:
      if (!shape.training || plan.spec.rate == 0) {
        layer.y = const_cast<float*>(x);  // passes through; nobody writes to it
        return;
      }
      layer.mask =
          bump.take<float>((plan.spec.dropout_mode == DropoutMode::per_sequence ? shape.batch : rows) * plan.output);
      break;
    case LayerKind::dense:
    case LayerKind::activation:
      break;
  }
  layer.y = bump.take<float>(rows * plan.output);
}

namespace {

/// Rows of the table that an LSTM as first layer can read its only input from; 0: there is none, or it does not pay.
std::int64_t table_rows(const NetworkPlan& plan, const Backend& backend, const BatchShape& shape) {
  if (plan.inputs.size() != 1 || plan.inputs[0].parameter < 0) return 0;
  if (plan.layers.empty() || plan.layers[0].directions() == 0) return 0;
  LstmShape s = lstm_shape(plan.layers[0], shape, 0);
  s.vocabulary = plan.inputs[0].spec.vocabulary;
  return backend.lstm_takes_table(s) ? s.vocabulary : 0;
}

/// Whether a layer's dx takes the place of its dy.
bool works_in_place(const LayerPlan& layer, const Backend& backend) {
  if (layer.spec.kind != LayerKind::lstm) return layer.spec.kind != LayerKind::dense;
  return backend.lstm_dx_over_dy() && layer.directions() == 1 && layer.sequence_out && layer.input == layer.output;
}

/// f(layer, block of its dx: 0 or 1) from the heads down to the lowest layer with a dx. dy of the heads is in block 0;
/// a layer that cannot work in place writes its dx into the other block than its dy.
template <class F>
void for_gradients(const NetworkPlan& plan, const Backend& backend, bool table, F f) {
  int block = 0;
  for (std::size_t i = plan.layers.size(); i-- > 0;) {
    const LayerPlan& layer = plan.layers[i];
    if (!layer.wants_dx || (i == 0 && table)) return;
    if (!works_in_place(layer, backend)) block = 1 - block;
    f(i, block);
  }
}

}  // namespace

void Buffers::place_gradients(const NetworkPlan& plan, const Backend& backend, Bump& bump) {
  std::int64_t sizes[2] = {plan.rows(shape.time, shape.batch) * plan.trunk_width, 0};
  for_gradients(plan, backend, table > 0, [&](std::size_t i, int block) {
    const LayerPlan& layer = plan.layers[i];
    const std::int64_t rows = layer.sequence_in ? shape.time * shape.batch : shape.batch;
    sizes[block] = std::max(sizes[block], rows * layer.input);
  });
  float* const blocks[2] = {bump.take<float>(sizes[0]), bump.take<float>(sizes[1])};
  d_trunk = blocks[0];
  for_gradients(plan, backend, table > 0, [&](std::size_t i, int block) { layers[i].dx = blocks[block]; });
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i].dy = i + 1 < layers.size() ? layers[i + 1].dx : d_trunk;
}

void Buffers::place(const NetworkPlan& plan, const Backend& backend, Bump& bump) {
  const std::int64_t steps = shape.time * shape.batch;
  const std::int64_t rows = plan.rows(shape.time, shape.batch);
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    const InputSpec& input = plan.inputs[i].spec;
    ids[i] = input.takes_ids() ? bump.take<std::int32_t>(steps) : nullptr;
    values[i] = input.takes_ids() ? nullptr : bump.take<float>(steps * input.units);
  }
  lengths = bump.take<std::int32_t>(shape.batch);
  resets = bump.take<std::uint8_t>(steps);
  valid_steps = bump.take<std::uint8_t>(steps);
  valid_rows = bump.take<std::uint8_t>(shape.batch);
  table = reduced ? 0 : table_rows(plan, backend, shape);
  features = table > 0 ? nullptr : bump.take<float>(steps * plan.input_width);
  const float* x = features;
  std::int64_t scratch = 0;
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    place_layer(plan.layers[i], backend, x, layers[i], bump);
    x = layers[i].y;
    if (plan.layers[i].directions() > 0) {
      if (reduced) {
        scratch = std::max(scratch, backend.reduced_workspace(steps, plan.layers[i].spec.units));
        continue;
      }
      LstmShape s = lstm_shape(plan.layers[i], shape, 0);
      if (i == 0) s.vocabulary = table;
      scratch = std::max(scratch, backend.lstm_workspace(s));
    }
  }
  trunk = x;
  for (std::size_t i = 0; i < plan.heads.size(); ++i) {
    const HeadSpec& head = plan.heads[i].spec;
    targets[i] = head.kind == HeadKind::softmax ? bump.take<std::int32_t>(rows) : nullptr;
    target_values[i] = head.kind == HeadKind::softmax ? nullptr : bump.take<float>(rows * head.units);
    outputs[i] = bump.take<float>(rows * head.width());
  }
  numbers = shape.training ? bump.take<CallNumbers>(1) : nullptr;
  outcome = shape.training ? bump.take<StepOutcome>(1) : nullptr;
  weights = bump.take<float>(rows);
  loss = bump.take<double>(rows);
  hits = bump.take<double>(rows);
  workspace = bump.take<float>(scratch);
  d_trunk = nullptr;
  if (shape.training && plan.trunk_trained) place_gradients(plan, backend, bump);
}

void Buffers::resize(const NetworkPlan& plan) {
  ids.resize(plan.inputs.size());
  values.resize(plan.inputs.size());
  layers.resize(plan.layers.size());
  targets.resize(plan.heads.size());
  target_values.resize(plan.heads.size());
  outputs.resize(plan.heads.size());
}

std::size_t Buffers::bytes_for(const NetworkPlan& plan, const Backend& backend, const BatchShape& shape) {
  Buffers counted;
  counted.resize(plan);
  counted.shape = shape;
  Bump counting(nullptr);
  counted.place(plan, backend, counting);
  return counting.used();
}

void Buffers::lay_out(const NetworkPlan& plan, const Backend& backend, const BatchShape& wanted, DeviceMemory& memory) {
  resize(plan);
  shape = wanted;
  Bump counting(nullptr);  // not bytes_for(): it allocates, and this runs at every step
  place(plan, backend, counting);
  shape = {};  // nothing is placed while there is no memory
  memory.ensure(counting.used());
  shape = wanted;
  Bump placing(memory.data());
  place(plan, backend, placing);
}

}  // namespace rondo
