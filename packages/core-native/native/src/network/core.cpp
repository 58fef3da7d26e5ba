// Whole calls on a network: accumulate, update, evaluate, predict.

#include "network/core.h"

#include <algorithm>
#include <cmath>

namespace rondo {

NetworkCore::NetworkCore(const NetworkSpec& spec, const NetworkOptions& options) {
  validate(spec);
  validate(options.optimizer);
  backend = rondo::make_backend(options.device, options.threads, options.precision);
  plan = make_plan(spec, *backend);
  optimizer = options.optimizer;
  device = backend->device();
  threads = backend->threads();
  precision = backend->precision();
  seed = options.seed;
  slot_count = slot_names(optimizer).size();
  const std::size_t block = sizeof(float) * static_cast<std::size_t>(plan.layout.block_size);
  for (DeviceMemory* memory : {&parameters, &gradients, &slots, &packed, &arena}) *memory = DeviceMemory(backend);
  parameters.ensure(block);
  gradients.ensure(block);
  slots.ensure(block * slot_count);
  packed.ensure(sizeof(float) * static_cast<std::size_t>(plan.packed_size));
  training_state = CarriedState(backend);
  evaluation_state = CarriedState(backend);
  std::vector<float> start(static_cast<std::size_t>(plan.layout.block_size));
  initialise(plan.layout, seed, std::max(1, threads), start.data());
  backend->upload(parameters.data(), start.data(), block);
  backend->zero(slots.data(), slots.bytes());
  clear_gradients();
}

void NetworkCore::clear_gradients() {
  backend->zero(gradients.data(), gradients.bytes());
  accumulated_weight = 0;
  accumulated = false;
}

CarriedState* NetworkCore::prepare_state(const Batch& batch, CarriedState& state) {
  if (!batch.carry_state || plan.lstm_layers.empty()) return nullptr;
  if (state.batch() == 0) state.start(plan, *backend, batch.batch);
  if (state.batch() != batch.batch) {
    throw Error(ErrorCode::shape, "batch: expected " + std::to_string(state.batch()) +
                                      " rows as in the carried state, got " + std::to_string(batch.batch) +
                                      "; reset the state first");
  }
  return &state;
}

void NetworkCore::collect(const CheckedBatch& batch, StepResult& result) {
  const std::size_t rows = batch.weights.size();
  host_loss.resize(rows);
  host_hits.resize(rows);
  backend->download(host_loss.data(), buffers.loss, rows * sizeof(double));
  backend->download(host_hits.data(), buffers.hits, rows * sizeof(double));
  for (std::size_t r = 0; r < rows; ++r) {
    result.loss_sum += host_loss[r];
    result.hits += host_hits[r];
  }
  result.weight_sum = batch.weight_sum;
  result.loss = batch.weight_sum > 0 ? result.loss_sum / batch.weight_sum : 0;
  result.finite = std::isfinite(result.loss_sum);
}

StepResult NetworkCore::accumulate(const Batch& batch) {
  check_batch(plan, batch, BatchNeeds::inputs_and_targets, checked);
  CarriedState* state = prepare_state(batch, training_state);
  pack_weights(true);
  buffers.lay_out(plan, *backend, {batch.time, batch.batch, true}, arena);
  upload_batch(checked, buffers);
  upload_numbers(batch, {}, checked.weight_sum, buffers);
  backend->play(recording_key(Recording::accumulate, buffers, checked, arena.data(), state), [this, state] {
    load_state(buffers, state);
    forward(buffers, checked);
    losses(buffers);
    backward(buffers, checked);
  });
  StepResult result;
  collect(checked, result);
  accumulated_weight += checked.weight_sum;
  accumulated = true;
  if (!result.finite) return result;
  commit_moving_statistics(buffers);
  if (state) keep_state(buffers, *state);
  return result;
}

UpdateResult NetworkCore::update(const UpdateOptions& options) {
  if (!accumulated) {
    throw Error(ErrorCode::shape, "update: expected an accumulated batch, got none; call accumulate first");
  }
  check_update(options);
  const double divisor = accumulated_weight > 0 ? accumulated_weight : 1;
  UpdateResult result;
  result.gradient_norm = std::sqrt(backend->sum_of_squares(gradients.floats(), plan.layout.block_size)) / divisor;
  result.finite = std::isfinite(result.gradient_norm);
  if (result.finite) {
    const bool clip = options.clip_norm > 0 && result.gradient_norm > options.clip_norm;
    OptimizerUpdate op;
    op.learning_rate = options.learning_rate;
    op.gradient_scale = (clip ? options.clip_norm / result.gradient_norm : 1.0) / divisor;
    op.step = step_count.load() + 1;
    apply_update(op);
    weights_changed();
    ++step_count;
    result.updated = true;
  }
  clear_gradients();
  return result;
}

void NetworkCore::apply_update(OptimizerUpdate op) {
  const std::vector<ParameterInfo>& entries = plan.layout.entries;
  // Runs of trainable parameters; moving statistics between them stay as they are.
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first;
    while (last < entries.size() && entries[last].trainable) ++last;
    const std::int64_t begin = entries[first].offset;
    op.count = (last < entries.size() ? entries[last].offset : plan.layout.block_size) - begin;
    op.w = parameters.floats() + begin;
    op.g = gradients.floats() + begin;
    for (std::size_t s = 0; s < slot_count; ++s) {
      op.slots[s] = slots.floats() + static_cast<std::int64_t>(s) * plan.layout.block_size + begin;
    }
    if (op.count > 0) {
      switch (optimizer.kind) {
        case OptimizerKind::rmsprop:
          backend->rmsprop(optimizer, op);
          break;
        case OptimizerKind::adam:
          backend->adam(optimizer, op);
          break;
        case OptimizerKind::adamw:
          backend->adamw(optimizer, op);
          break;
      }
    }
    first = last;
    while (first < entries.size() && !entries[first].trainable) ++first;
  }
}

EvaluationResult NetworkCore::evaluate(const Batch& batch, WeightPrecision weight_precision) {
  check_batch(plan, batch, BatchNeeds::inputs_and_targets, checked);
  CarriedState* state = prepare_state(batch, evaluation_state);
  pack_weights(false, weight_precision);
  buffers.lay_out(plan, *backend, {batch.time, batch.batch, false}, arena);
  upload_batch(checked, buffers);
  backend->play(recording_key(Recording::evaluate, buffers, checked, arena.data(), state), [this, state] {
    load_state(buffers, state);
    forward(buffers, checked);
    losses(buffers);
  });
  EvaluationResult result;
  collect(checked, result);
  if (state && result.finite) keep_state(buffers, *state);
  const std::size_t size = static_cast<std::size_t>(batch.batch);
  result.rows.nll.resize(size);
  result.rows.hits.resize(size);
  result.rows.weight.resize(size);
  for (std::size_t r = 0; r < checked.weights.size(); ++r) {
    result.rows.nll[r % size] += host_loss[r];
    result.rows.hits[r % size] += host_hits[r];
    result.rows.weight[r % size] += static_cast<double>(checked.weights[r]);
  }
  return result;
}

void NetworkCore::predict(const Batch& batch, std::span<float> out) {
  check_batch(plan, batch, BatchNeeds::inputs_only, checked);
  const std::size_t head = static_cast<std::size_t>(plan.first_softmax);
  CarriedState* state = prepare_state(batch, evaluation_state);
  pack_weights(false);
  buffers.lay_out(plan, *backend, {batch.time, batch.batch, false}, arena);
  upload_inputs(checked, buffers);
  backend->play(recording_key(Recording::predict, buffers, checked, arena.data(), state), [this, state] {
    load_state(buffers, state);
    forward(buffers, checked);
    const std::size_t first = static_cast<std::size_t>(plan.first_softmax);
    forward_head(buffers, first);
    float* logits = buffers.outputs[first];
    const std::int64_t rows = plan.rows(buffers.shape.time, buffers.shape.batch);
    backend->activation_forward({Activation::softmax, rows, plan.heads[first].spec.vocabulary, logits, logits});
  });
  backend->download(out.data(), buffers.outputs[head], out.size_bytes());
  if (state) keep_state(buffers, *state);
}

RecordingKey NetworkCore::recording_key(Recording what, const Buffers& b, const CheckedBatch& batch, const void* owner,
                                        const CarriedState* state) const {
  const bool lengths = !batch.batch->lengths.empty(), resets = !batch.batch->resets.empty();
  const std::uint32_t flags = static_cast<std::uint32_t>(what) << 8 | lengths | resets << 1 |
                              (weights_packed && transposes_packed) << 2 | b.shape.training << 3;
  const void* kept = state ? state->address() : nullptr;
  return {{flags, static_cast<std::uint64_t>(b.shape.time), static_cast<std::uint64_t>(b.shape.batch),
           reinterpret_cast<std::uintptr_t>(owner), reinterpret_cast<std::uintptr_t>(kept), 0}};
}

void NetworkCore::dispose() {
  for (DeviceMemory* memory : {&parameters, &gradients, &slots, &packed, &arena}) *memory = DeviceMemory();
  training_state = CarriedState();
  evaluation_state = CarriedState();
  backend.reset();
}

std::uint64_t NetworkCore::memory_bytes() const {
  if (!backend) return 0;
  std::uint64_t total = backend->scratch_bytes() + stream_bytes.load();
  for (const DeviceMemory* memory : {&parameters, &gradients, &slots, &packed, &arena}) total += memory->bytes();
  return total + training_state.bytes() + evaluation_state.bytes();
}

}  // namespace rondo
