// Streams: T = 1 passes with a state of their own.

#include <algorithm>

#include "network/core.h"

namespace rondo {

struct Stream::Impl {
  std::shared_ptr<NetworkCore> core;
  std::int64_t rows = 0, vocabulary = 0;
  std::shared_ptr<ReducedWeights> reduced;  // empty: fp32
  DeviceMemory arena;
  Buffers buffers;
  CarriedState state;
  Batch batch;
  CheckedBatch checked;

  std::uint64_t counted = 0;  // bytes that memory_bytes() has on our account

  ~Impl() { core->stream_bytes -= counted; }

  /// The steps in `batch`; with their head where they are the last.
  void advance(bool last) {
    const BatchShape shape{batch.time, rows, false};
    if (!(buffers.shape == shape)) lay_out(shape);
    check_batch(core->plan, batch, BatchNeeds::inputs_only, checked);
    pack();
    core->upload_inputs(checked, buffers);
    const Recording what = last ? Recording::last_step : Recording::steps;
    core->backend->play(core->recording_key(what, buffers, checked, arena.data(), &state), [this, last] {
      core->load_state(buffers, &state);
      core->forward(buffers, checked);
      core->keep_state(buffers, state);
      if (last) core->forward_head(buffers, head());
    });
  }

  std::size_t head() const { return static_cast<std::size_t>(core->plan.first_softmax); }

  void pack() {
    if (!reduced) return core->pack_weights(false);
    reduced->pack(core->plan, core->parameters.floats(), core->weights_version);
  }

  void lay_out(const BatchShape& shape) {
    buffers.reduced = reduced.get();
    buffers.lay_out(core->plan, *core->backend, shape, arena);
    core->stream_bytes -= counted;
    counted = arena.bytes() + state.bytes();
    core->stream_bytes += counted;
  }

  /// Of the last of the steps in `batch`.
  void read_logits(std::span<float> logits) {
    const std::int64_t before = core->plan.rows(batch.time, rows) - rows;
    core->backend->download(logits.data(), buffers.outputs[head()] + before * vocabulary, logits.size_bytes());
  }

  void check_logits(std::span<float> logits) const {
    if (static_cast<std::int64_t>(logits.size()) == rows * vocabulary) return;
    throw Error(ErrorCode::shape, "logits: expected room for " + std::to_string(rows * vocabulary) + " values, got " +
                                      std::to_string(logits.size()));
  }

  NamedData single_input(std::span<const std::int32_t> ids) const {
    const std::vector<InputPlan>& inputs = core->plan.inputs;
    if (inputs.size() != 1 || !inputs[0].spec.takes_ids()) {
      throw Error(ErrorCode::shape, "step: expected data by input name, because the network has not just one id input");
    }
    return {inputs[0].spec.name, ids, {}};
  }

  /// Steps [first, first + n) of `count` as the batch. Sizes are multiples of count.
  void take(std::span<const NamedData> inputs, std::int64_t count, std::int64_t first, std::int64_t n) {
    auto piece = [&](auto values) {
      const std::size_t step = values.size() / static_cast<std::size_t>(count);
      return values.subspan(static_cast<std::size_t>(first) * step, static_cast<std::size_t>(n) * step);
    };
    batch.time = n;
    batch.inputs.assign(inputs.begin(), inputs.end());
    for (NamedData& data : batch.inputs) {
      data.ids = piece(data.ids);
      data.values = piece(data.values);
    }
  }

  static void check_count(std::span<const NamedData> inputs, std::int64_t count) {
    if (count < 1) throw Error(ErrorCode::shape, "steps: expected 1 or more, got " + std::to_string(count));
    for (const NamedData& data : inputs) {
      const std::size_t steps = static_cast<std::size_t>(count);
      if (data.ids.size() % steps == 0 && data.values.size() % steps == 0) continue;
      throw Error(ErrorCode::shape, "input '" + data.name + "': expected values for " + std::to_string(count) +
                                        " steps, got " + std::to_string(data.ids.size() + data.values.size()));
    }
  }

  void run(std::span<const NamedData> inputs, std::int64_t count, std::span<float> logits) {
    check_logits(logits);
    check_count(inputs, count);
    // Several steps at once: the products of their inputs read the weights once. Not more, for the memory's sake.
    constexpr std::int64_t kRowsAtOnce = 128;
    const std::int64_t at_once = std::max<std::int64_t>(1, kRowsAtOnce / rows);
    for (std::int64_t i = 0; i < count && count > at_once; i += at_once) {  // all of them, before the state moves
      take(inputs, count, i, std::min(at_once, count - i));
      check_batch(core->plan, batch, BatchNeeds::inputs_only, checked);
    }
    for (std::int64_t i = 0; i < count; i += at_once) {
      take(inputs, count, i, std::min(at_once, count - i));
      advance(i + at_once >= count);
    }
    read_logits(logits);
  }
};

Stream::Stream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

std::int64_t Stream::rows() const {
  return impl_->rows;
}
std::int64_t Stream::vocabulary() const {
  return impl_->vocabulary;
}

WeightPrecision Stream::precision() const {
  return impl_->reduced ? impl_->reduced->precision() : WeightPrecision::fp32;
}

std::uint64_t Stream::weight_bytes() const {
  if (impl_->reduced) return impl_->reduced->bytes_read();
  std::uint64_t bytes = 0;
  for (const ParameterInfo& entry : impl_->core->plan.layout.entries) {
    if (entry.shape.size() > 1 && entry.name.compare(0, 7, "inputs.") != 0) {
      bytes += sizeof(float) * static_cast<std::uint64_t>(entry.size);
    }
  }
  for (const HeadPlan& head : impl_->core->plan.heads) {
    if (head.tied()) bytes += sizeof(float) * static_cast<std::uint64_t>(impl_->core->plan.entry(head.kernel).size);
  }
  return bytes;
}

void Stream::step(std::span<const NamedData> inputs, std::span<float> logits) {
  steps(inputs, 1, logits);
}

void Stream::step(std::span<const std::int32_t> ids, std::span<float> logits) {
  steps(ids, 1, logits);
}

void Stream::steps(std::span<const std::int32_t> ids, std::int64_t count, std::span<float> logits) {
  const CallGuard guard(*impl_->core);
  const NamedData input = impl_->single_input(ids);
  impl_->run(std::span<const NamedData>(&input, 1), count, logits);
}

void Stream::steps(std::span<const NamedData> inputs, std::int64_t count, std::span<float> logits) {
  const CallGuard guard(*impl_->core);
  impl_->run(inputs, count, logits);
}

void Stream::reset(std::int64_t row) {
  const CallGuard guard(*impl_->core);
  NetworkCore& core = *impl_->core;
  if (row < -1 || row >= impl_->rows) {
    throw Error(ErrorCode::shape,
                "row: expected 0 … " + std::to_string(impl_->rows - 1) + ", got " + std::to_string(row));
  }
  if (row == -1) return impl_->state.start(core.plan, *core.backend, impl_->rows);
  for (std::size_t i = 0; i < core.plan.lstm_layers.size(); ++i) {
    const std::int64_t units = core.plan.layers[static_cast<std::size_t>(core.plan.lstm_layers[i])].spec.units;
    const std::size_t bytes = sizeof(float) * static_cast<std::size_t>(units);
    core.backend->zero(impl_->state.h(core.plan, static_cast<int>(i)) + row * units, bytes);
    core.backend->zero(impl_->state.c(core.plan, static_cast<int>(i)) + row * units, bytes);
  }
}

std::int64_t Stream::state_size() const {
  return CarriedState::size(impl_->core->plan, impl_->rows);
}

void Stream::read_state(std::span<float> out) const {
  const CallGuard guard(*impl_->core);
  if (static_cast<std::int64_t>(out.size()) != state_size()) {
    throw Error(ErrorCode::shape, "state: expected room for " + std::to_string(state_size()) + " values, got " +
                                      std::to_string(out.size()));
  }
  if (out.empty()) return;
  impl_->core->backend->download(out.data(), impl_->state.h(impl_->core->plan, 0), out.size_bytes());
}

void Stream::write_state(std::span<const float> state) {
  const CallGuard guard(*impl_->core);
  if (static_cast<std::int64_t>(state.size()) != state_size()) {
    throw Error(ErrorCode::shape,
                "state: expected " + std::to_string(state_size()) + " values, got " + std::to_string(state.size()));
  }
  if (state.empty()) return;
  impl_->core->backend->upload(impl_->state.h(impl_->core->plan, 0), state.data(), state.size_bytes());
}

std::unique_ptr<Stream> Network::open_stream(std::int64_t rows, WeightPrecision precision) {
  const CallGuard guard(*core_);
  NetworkCore& core = *core_;
  if (core.plan.bidirectional) {
    throw Error(
        ErrorCode::unsupported,
        "stream: expected a uni-directional network, got one with bidirectional layers; use predict on windows");
  }
  if (core.plan.first_softmax < 0) {
    throw Error(ErrorCode::unsupported, "stream: expected a network with a softmax head, got none");
  }
  if (rows < 1 || rows > (1 << 24)) {
    throw Error(ErrorCode::shape, "rows: expected 1 or more, got " + std::to_string(rows));
  }
  auto impl = std::make_unique<Stream::Impl>();
  impl->core = core_;
  impl->rows = rows;
  impl->vocabulary = core.plan.heads[static_cast<std::size_t>(core.plan.first_softmax)].spec.vocabulary;
  impl->reduced = core.reduced_weights(precision);
  impl->arena = DeviceMemory(core.backend);
  impl->state = CarriedState(core.backend);
  impl->batch.batch = rows;
  impl->batch.time = 1;
  impl->state.start(core.plan, *core.backend, rows);
  impl->lay_out({1, rows, false});
  return std::unique_ptr<Stream>(new Stream(std::move(impl)));
}

}  // namespace rondo
