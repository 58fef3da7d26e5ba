// The order of the ops of a forward pass.

#include <cmath>
#include <span>

#include "network/core.h"

namespace rondo {

namespace {

UploadPiece piece(void* device, std::span<const std::int32_t> ids) {
  return {device, ids.data(), ids.size_bytes()};
}

/// Ids or values of one input or head; without buffers, for no place yet.
UploadPiece piece(const NamedData& data, bool ids, std::int32_t* id_place, float* value_place) {
  if (ids) return piece(id_place, data.ids);
  return {value_place, data.values.data(), data.values.size_bytes()};
}

}  // namespace

void NetworkCore::list_inputs(const CheckedBatch& batch, const Buffers* b, std::vector<UploadPiece>& out) const {
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    out.push_back(
        piece(*batch.inputs[i], plan.inputs[i].spec.takes_ids(), b ? b->ids[i] : nullptr, b ? b->values[i] : nullptr));
  }
  const std::span<const std::uint8_t> resets = batch.batch->resets;
  if (!resets.empty()) out.push_back({b ? b->resets : nullptr, resets.data(), resets.size()});
  if (batch.batch->lengths.empty()) return;
  out.push_back(piece(b ? b->lengths : nullptr, batch.batch->lengths));
  out.push_back({b ? b->valid_steps : nullptr, batch.valid_steps.data(), batch.valid_steps.size()});
  out.push_back({b ? b->valid_rows : nullptr, batch.valid_rows.data(), batch.valid_rows.size()});
}

void NetworkCore::list_targets(const CheckedBatch& batch, const Buffers* b, std::vector<UploadPiece>& out) const {
  for (std::size_t i = 0; i < plan.heads.size(); ++i) {
    out.push_back(piece(*batch.targets[i], plan.heads[i].spec.kind == HeadKind::softmax, b ? b->targets[i] : nullptr,
                        b ? b->target_values[i] : nullptr));
  }
  out.push_back({b ? b->weights : nullptr, batch.weights.data(), batch.weights.size() * sizeof(float)});
}

void NetworkCore::upload_inputs(const CheckedBatch& batch, Buffers& b) {
  pieces.clear();
  list_inputs(batch, &b, pieces);
  for (const UploadPiece& p : pieces) backend->upload(p.device, p.host, p.bytes);
}

void NetworkCore::upload_batch(const CheckedBatch& batch, Buffers& b) {
  pieces.clear();
  list_inputs(batch, &b, pieces);
  list_targets(batch, &b, pieces);
  backend->upload_all(pieces.data(), pieces.size());
}

void NetworkCore::stage(const Batch& batch) {
  if (!backend->stages()) return;
  check_batch(plan, batch, BatchNeeds::inputs_and_targets, next_checked);
  next_pieces.clear();
  list_inputs(next_checked, nullptr, next_pieces);
  list_targets(next_checked, nullptr, next_pieces);
  backend->stage(next_pieces.data(), next_pieces.size());
}

void NetworkCore::upload_numbers(const Batch& batch, const UpdateOptions& options, double weight_sum, Buffers& b) {
  CallNumbers numbers;
  numbers.step = static_cast<std::uint32_t>(step_count.load());
  numbers.row_offset = static_cast<std::uint32_t>(batch.row_offset);
  numbers.learning_rate = options.learning_rate;
  const double t = static_cast<double>(numbers.step) + 1;
  numbers.adam_rate =
      options.learning_rate * std::sqrt(1.0 - std::pow(optimizer.beta2, t)) / (1.0 - std::pow(optimizer.beta1, t));
  numbers.clip_norm = options.clip_norm;
  numbers.divisor = weight_sum > 0 ? weight_sum : 1;
  backend->upload(b.numbers, &numbers, sizeof(numbers));
}

void NetworkCore::load_state(Buffers& b, const CarriedState* state) {
  for (std::size_t i = 0; i < plan.lstm_layers.size(); ++i) {
    const std::size_t index = static_cast<std::size_t>(plan.lstm_layers[i]);
    const LayerPlan& layer = plan.layers[index];
    const std::int64_t count = b.shape.batch * layer.spec.units;
    const std::size_t bytes = sizeof(float) * static_cast<std::size_t>(count);
    for (int d = 0; d < layer.directions(); ++d) {
      LstmBuffers& lstm = b.layers[index].lstm[d];
      const std::int64_t start = d == 0 ? 0 : b.shape.time * count;
      if (d == 0 && state) {
        backend->copy_columns({1, count, state->h(plan, layer.state), count, lstm.h, count, false});
        backend->copy_columns({1, count, state->c(plan, layer.state), count, lstm.c, count, false});
      } else {
        backend->zero(lstm.h + start, bytes);
        backend->zero(lstm.c + start, bytes);
      }
    }
  }
}

void NetworkCore::keep_state(const Buffers& b, CarriedState& state, const std::int32_t* only_if) {
  for (const int index : plan.lstm_layers) {
    const LayerPlan& layer = plan.layers[static_cast<std::size_t>(index)];
    const LstmBuffers& lstm = b.layers[static_cast<std::size_t>(index)].lstm[0];
    const std::int64_t count = b.shape.batch * layer.spec.units;
    const std::int64_t last = b.shape.time * count;
    backend->copy_columns({1, count, lstm.h + last, count, state.h(plan, layer.state), count, false, only_if});
    backend->copy_columns({1, count, lstm.c + last, count, state.c(plan, layer.state), count, false, only_if});
  }
}

void NetworkCore::forward(Buffers& b, const CheckedBatch& batch) {
  forward_inputs(b);
  for (std::size_t i = 0; i < plan.layers.size(); ++i) forward_layer(b, i, batch);
}

void NetworkCore::forward_inputs(Buffers& b) {
  if (b.table > 0) return;  // the first layer reads the ids
  const std::int64_t steps = b.shape.time * b.shape.batch;
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    const InputPlan& input = plan.inputs[i];
    float* out = b.features + input.column;
    const IdInput op{steps,
                     input.spec.vocabulary,
                     input.spec.width(),
                     b.ids[i],
                     input.parameter >= 0 ? parameter(input.parameter) : nullptr,
                     out,
                     plan.input_width};
    switch (input.spec.kind) {
      case InputKind::embedding:
        backend->embedding_forward(op);
        break;
      case InputKind::scalar:
        backend->scalar_forward(op);
        break;
      case InputKind::one_hot:
        backend->one_hot_forward(op);
        break;
      case InputKind::dense:
        backend->copy_columns({steps, input.spec.units, b.values[i], input.spec.units, out, plan.input_width, false});
        break;
    }
  }
}

const std::uint8_t* NetworkCore::valid(const Buffers& b, const LayerPlan& layer, const CheckedBatch& batch) const {
  if (batch.batch->lengths.empty()) return nullptr;
  return layer.sequence_out ? b.valid_steps : b.valid_rows;
}

void NetworkCore::forward_layer(Buffers& b, std::size_t index, const CheckedBatch& batch) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  const std::int64_t rows = layer.sequence_out ? b.shape.time * b.shape.batch : b.shape.batch;
  switch (layer.spec.kind) {
    case LayerKind::lstm:
      return b.reduced ? forward_reduced_lstm(b, index) : forward_lstm(b, index, batch);
    case LayerKind::batch_norm:
      return forward_batch_norm(b, index, batch);
    case LayerKind::dropout:
      return forward_dropout(b, index);
    case LayerKind::dense:
      forward_dense(b, index, rows);
      if (layer.spec.activation == Activation::linear) return;
      return backend->activation_forward({layer.spec.activation, rows, layer.output, own.y, own.y});
    case LayerKind::activation:
      return backend->activation_forward({layer.spec.activation, rows, layer.output, own.x, own.y});
  }
}

LstmShape NetworkCore::shape_with_borders(const Buffers& b, std::size_t index, int direction,
                                          const CheckedBatch& batch) {
  LstmShape shape = lstm_shape(plan.layers[index], b.shape, direction);
  shape.masks = b.layers[index].lstm[direction].masks;
  shape.lengths = batch.batch->lengths.empty() ? nullptr : b.lengths;
  shape.resets = batch.batch->resets.empty() ? nullptr : b.resets;
  if (index == 0 && b.table > 0) {
    shape.vocabulary = b.table;
    shape.ids = b.ids[0];
  }
  return shape;
}

LstmForward NetworkCore::prepare_forward(Buffers& b, std::size_t index, int direction, const CheckedBatch& batch) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  const LstmBuffers& lstm = own.lstm[direction];
  const LstmShape shape = shape_with_borders(b, index, direction, batch);
  for (int gate = 0; gate < shape.mask_count; ++gate) {
    // The step and the row offset come with the call's numbers.
    const RandomAddress base{RandomUse::recurrent_dropout,
                             0,
                             static_cast<std::uint32_t>(index),
                             static_cast<std::uint32_t>(direction),
                             static_cast<std::uint32_t>(gate),
                             0,
                             0};
    backend->fill_mask({seed, base, layer.spec.recurrent_dropout, 1, shape.batch, shape.units,
                        lstm.masks + gate * shape.batch * shape.units, b.numbers});
  }
  return {shape,
          packed.floats() + layer.packed[direction],
          parameter(layer.parameter + 3 * direction + 2),
          own.x,
          lstm.gates,
          lstm.h,
          lstm.c,
          b.workspace,
          shape.vocabulary > 0 ? parameter(plan.inputs[0].parameter) : nullptr};
}

void NetworkCore::forward_lstm(Buffers& b, std::size_t index, const CheckedBatch& batch) {
  const LayerPlan& layer = plan.layers[index];
  const LstmForward forward = prepare_forward(b, index, 0, batch);
  if (!layer.spec.bidirectional) return backend->lstm_forward(forward);
  backend->lstm_forward_both(forward, prepare_forward(b, index, 1, batch));
  const LayerBuffers& own = b.layers[index];
  for (int d = 0; d < 2; ++d) {
    // Slots of the states that are outputs: forward 1 … T (last: T), backward 0 … T−1 (last processed: 0).
    const std::int64_t units = layer.spec.units, block = b.shape.batch * units;
    const std::int64_t first = d == 1 ? 0 : layer.sequence_out ? block : b.shape.time * block;
    const std::int64_t rows = layer.sequence_out ? b.shape.time * b.shape.batch : b.shape.batch;
    backend->copy_columns({rows, units, own.lstm[d].h + first, units, own.y + d * units, layer.output, false});
  }
}

void NetworkCore::forward_reduced_lstm(Buffers& b, std::size_t index) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  backend->reduced_lstm({b.reduced->precision(), b.shape.time, b.shape.batch, layer.input, layer.spec.units,
                         layer.spec.gate_activation, b.reduced->of_layer(index, 0).packed,
                         b.reduced->of_layer(index, 1).packed, parameter(layer.parameter + 2), own.x, own.lstm[0].h,
                         own.lstm[0].c, b.workspace});
}

void NetworkCore::forward_dense(Buffers& b, std::size_t index, std::int64_t rows) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  const float* bias = parameter(layer.parameter + 1);
  if (b.reduced) {
    const ReducedWeights::Matrix& m = b.reduced->of_layer(index, 0);
    return backend->reduced_dense({m.shape, rows, m.packed, bias, own.x, own.y});
  }
  backend->dense_forward({rows, layer.input, layer.output, packed.floats() + layer.packed[0], bias, own.x, own.y});
}

void NetworkCore::forward_batch_norm(Buffers& b, std::size_t index, const CheckedBatch& batch) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  BatchNormForward op;
  op.rows = layer.sequence_out ? b.shape.time * b.shape.batch : b.shape.batch;
  op.features = layer.output;
  op.momentum = layer.spec.momentum;
  op.epsilon = layer.spec.epsilon;
  op.training = b.shape.training;
  op.valid = valid(b, layer, batch);
  op.gamma = parameter(layer.parameter);
  op.beta = parameter(layer.parameter + 1);
  op.moving_mean = parameter(layer.parameter + 2);
  op.moving_variance = parameter(layer.parameter + 3);
  op.mean = own.mean;
  op.inverse_deviation = own.inverse_deviation;
  op.x = own.x;
  op.y = own.y;
  if (op.training) {
    const std::int64_t f = op.features;
    backend->copy_columns({1, f, op.moving_mean, f, own.moving_mean, f, false});
    backend->copy_columns({1, f, op.moving_variance, f, own.moving_variance, f, false});
    op.moving_mean = own.moving_mean;
    op.moving_variance = own.moving_variance;
  }
  backend->batch_norm_forward(op);
}

void NetworkCore::commit_moving_statistics(const Buffers& b, const std::int32_t* only_if) {
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    if (layer.spec.kind != LayerKind::batch_norm) continue;
    const std::int64_t f = layer.output;
    const LayerBuffers& own = b.layers[i];
    backend->copy_columns({1, f, own.moving_mean, f, parameter(layer.parameter + 2), f, false, only_if});
    backend->copy_columns({1, f, own.moving_variance, f, parameter(layer.parameter + 3), f, false, only_if});
  }
}

void NetworkCore::forward_dropout(Buffers& b, std::size_t index) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  if (!own.mask) return;
  const bool constant = layer.spec.dropout_mode == DropoutMode::per_sequence || !layer.sequence_out;
  const std::int64_t times = constant ? 1 : b.shape.time;
  const RandomAddress base{RandomUse::dropout, 0, static_cast<std::uint32_t>(index), 0, 0, 0, 0};
  backend->fill_mask({seed, base, layer.spec.rate, times, b.shape.batch, layer.output, own.mask, b.numbers});
  const std::int64_t rows = layer.sequence_out ? b.shape.time * b.shape.batch : b.shape.batch;
  backend->apply_mask({rows, layer.output, times * b.shape.batch, own.mask, own.x, own.y});
}

void NetworkCore::forward_head(Buffers& b, std::size_t head) {
  const HeadPlan& h = plan.heads[head];
  const std::int64_t rows = plan.rows(b.shape.time, b.shape.batch);
  const float* bias = parameter(h.bias);
  if (b.reduced) {
    const ReducedWeights::Matrix& m = b.reduced->of_head();
    return backend->reduced_dense({m.shape, rows, m.packed, bias, b.trunk, b.outputs[head]});
  }
  backend->dense_forward(
      {rows, plan.trunk_width, h.spec.width(), packed.floats() + h.packed, bias, b.trunk, b.outputs[head], h.tied()});
}

void NetworkCore::losses(Buffers& b) {
  const std::int64_t rows = plan.rows(b.shape.time, b.shape.batch);
  backend->zero(b.loss, sizeof(double) * static_cast<std::size_t>(rows));
  backend->zero(b.hits, sizeof(double) * static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < plan.heads.size(); ++i) {
    const HeadSpec& head = plan.heads[i].spec;
    float* out = b.outputs[i];
    forward_head(b, i);
    if (head.kind == HeadKind::softmax) {
      // Smoothing is a matter of training: what is evaluated is the likelihood.
      backend->softmax_cross_entropy({rows, head.vocabulary, head.weight, b.targets[i], b.weights, out, out, b.loss,
                                      static_cast<int>(i) == plan.first_softmax ? b.hits : nullptr,
                                      b.shape.training ? head.smoothing : 0});
    } else {
      backend->mean_squared_error({rows, head.units, head.weight, b.target_values[i], b.weights, out,
                                   b.shape.training ? out : nullptr, b.loss});
    }
  }
}

}  // namespace rondo
