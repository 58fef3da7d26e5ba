// The order of the ops of a backward pass.

#include "network/core.h"

namespace rondo {

void NetworkCore::backward(Buffers& b, const CheckedBatch& batch) {
  backward_heads(b);
  if (!plan.trunk_trained) return;
  for (std::size_t i = plan.layers.size(); i-- > 0;) {
    backward_layer(b, i, batch);
    if (!plan.layers[i].wants_dx) return;
  }
  if (b.table == 0) backward_inputs(b, plan.layers.empty() ? b.d_trunk : b.layers[0].dx);
}

void NetworkCore::backward_heads(Buffers& b) {
  const std::int64_t rows = plan.rows(b.shape.time, b.shape.batch);
  for (std::size_t i = 0; i < plan.heads.size(); ++i) {
    const HeadPlan& head = plan.heads[i];
    backend->dense_backward({rows, plan.trunk_width, head.spec.width(), packed.floats() + head.packed, b.trunk,
                             b.outputs[i], b.d_trunk, i > 0, gradient(head.kernel), gradient(head.bias), head.tied()});
  }
}

void NetworkCore::backward_layer(Buffers& b, std::size_t index, const CheckedBatch& batch) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  const std::int64_t rows = layer.sequence_out ? b.shape.time * b.shape.batch : b.shape.batch;
  float* dy = own.dy;
  switch (layer.spec.kind) {
    case LayerKind::lstm:
      return backward_lstm(b, index, batch);
    case LayerKind::batch_norm:
      return backend->batch_norm_backward({rows, layer.output, valid(b, layer, batch), parameter(layer.parameter),
                                           own.mean, own.inverse_deviation, own.x, dy, dy, gradient(layer.parameter),
                                           gradient(layer.parameter + 1)});
    case LayerKind::dropout: {
      if (!own.mask) return;
      const bool constant = layer.spec.dropout_mode == DropoutMode::per_sequence || !layer.sequence_out;
      return backend->apply_mask({rows, layer.output, (constant ? 1 : b.shape.time) * b.shape.batch, own.mask, dy, dy});
    }
    case LayerKind::dense:
      if (layer.spec.activation != Activation::linear) {
        backend->activation_backward({layer.spec.activation, rows, layer.output, own.y, dy, dy});
      }
      return backend->dense_backward({rows, layer.input, layer.output, packed.floats() + layer.packed[0], own.x, dy,
                                      own.dx, false, gradient(layer.parameter), gradient(layer.parameter + 1)});
    case LayerKind::activation:
      return backend->activation_backward({layer.spec.activation, rows, layer.output, own.y, dy, dy});
  }
}

LstmBackward NetworkCore::prepare_backward(Buffers& b, std::size_t index, int direction, const CheckedBatch& batch) {
  const LayerPlan& layer = plan.layers[index];
  const LayerBuffers& own = b.layers[index];
  const LstmBuffers& lstm = own.lstm[direction];
  const int first = layer.parameter + 3 * direction;
  LstmBackward op;
  op.shape = shape_with_borders(b, index, direction, batch);
  op.packed = packed.floats() + layer.packed[direction];
  op.x = own.x;
  op.gates = lstm.gates;
  op.h = lstm.h;
  op.c = lstm.c;
  op.dy = own.dy + direction * layer.spec.units;
  op.dy_stride = layer.output;
  op.last_only = !layer.sequence_out;
  op.dx = own.dx;
  op.add_dx = direction > 0;
  op.d_kernel = gradient(first);
  op.d_recurrent = gradient(first + 1);
  op.d_bias = gradient(first + 2);
  op.workspace = b.workspace;
  if (op.shape.vocabulary > 0) {
    op.table = parameter(plan.inputs[0].parameter);
    op.d_table = gradient(plan.inputs[0].parameter);
  }
  return op;
}

void NetworkCore::backward_lstm(Buffers& b, std::size_t index, const CheckedBatch& batch) {
  const LstmBackward forward = prepare_backward(b, index, 0, batch);
  if (!plan.layers[index].spec.bidirectional) return backend->lstm_backward(forward);
  backend->lstm_backward_both(forward, prepare_backward(b, index, 1, batch));
}

void NetworkCore::backward_inputs(Buffers& b, const float* dx) {
  const std::int64_t steps = b.shape.time * b.shape.batch;
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    const InputPlan& input = plan.inputs[i];
    if (input.parameter < 0) continue;
    backend->embedding_backward({steps, input.spec.vocabulary, input.spec.units, b.ids[i], dx + input.column,
                                 plan.input_width, gradient(input.parameter)});
  }
}

}  // namespace rondo
