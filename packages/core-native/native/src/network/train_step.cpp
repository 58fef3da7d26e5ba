// A whole training step in one sequence of ops: a device keeps it to itself, and sends back what it came to.

#include <cmath>

#include "network/core.h"

namespace rondo {

void check_update(const UpdateOptions& options) {
  const bool good = std::isfinite(options.learning_rate) && options.learning_rate >= 0 && options.clip_norm >= 0;
  if (!good) throw Error(ErrorCode::spec, "update: expected a finite learningRate and clipNorm of 0 or more");
}

StepResult NetworkCore::train_step(const Batch& batch, const UpdateOptions& options) {
  check_update(options);
  check_batch(plan, batch, BatchNeeds::inputs_and_targets, checked);
  CarriedState* state = prepare_state(batch, training_state);
  buffers.lay_out(plan, *backend, {batch.time, batch.batch, true}, arena);
  upload_batch(checked, buffers);
  upload_numbers(batch, options, accumulated_weight + checked.weight_sum, buffers);
  const RecordingKey key = recording_key(Recording::train, buffers, checked, arena.data(), state);
  backend->play(key, [this, state] { train_ops(state); });
  StepOutcome outcome;
  backend->download(&outcome, buffers.outcome, sizeof(outcome));

  accumulated_weight = 0;
  accumulated = false;
  weights_packed = transposes_packed = true;  // also where a recording did it
  packed_precision = WeightPrecision::fp32;
  if (outcome.update) {
    weights_changed();
    ++step_count;
  }
  StepResult result;
  result.loss_sum = outcome.loss_sum;
  result.weight_sum = checked.weight_sum;
  result.loss = checked.weight_sum > 0 ? outcome.loss_sum / checked.weight_sum : 0;
  result.hits = outcome.hits;
  result.gradient_norm = outcome.loss_finite ? outcome.gradient_norm : 0;
  result.finite = result.updated = outcome.update != 0;
  return result;
}

void NetworkCore::train_ops(CarriedState* state) {
  pack_weights(true);
  load_state(buffers, state);
  forward(buffers, checked);
  losses(buffers);
  backend->sum_losses(
      {plan.rows(buffers.shape.time, buffers.shape.batch), buffers.loss, buffers.hits, buffers.outcome});
  backward(buffers, checked);
  // A loss that is not finite leaves no trace; nor does a gradient in the parameters.
  commit_moving_statistics(buffers, &buffers.outcome->loss_finite);
  if (state) keep_state(buffers, *state, &buffers.outcome->loss_finite);
  backend->judge_gradient({plan.layout.block_size, gradients.floats(), buffers.numbers, buffers.outcome});
  OptimizerUpdate op;
  op.numbers = buffers.numbers;
  op.outcome = buffers.outcome;
  apply_update(op);
  backend->zero(gradients.data(), gradients.bytes());
}

}  // namespace rondo
