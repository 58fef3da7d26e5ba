// The public network: guards around the core.

#include "rondo/network.h"

#include <new>

#include "network/core.h"
#include "network/tensors.h"

namespace rondo {

Network::Network(std::shared_ptr<NetworkCore> core) : core_(std::move(core)) {}

std::unique_ptr<Network> Network::create(const NetworkSpec& spec, const NetworkOptions& options) {
  try {
    return std::unique_ptr<Network>(new Network(std::make_shared<NetworkCore>(spec, options)));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::memory, "could not allocate the network's parameters; use a smaller network");
  }
}

Network::~Network() {
  dispose();
}

const NetworkSpec& Network::spec() const {
  return core_->plan.spec;
}
const OptimizerSpec& Network::optimizer() const {
  return core_->optimizer;
}
const std::vector<ParameterInfo>& Network::parameters() const {
  return core_->plan.layout.entries;
}
std::int64_t Network::parameter_count() const {
  return core_->plan.layout.count;
}
const DeviceInfo& Network::device() const {
  return core_->device;
}
int Network::threads() const {
  return core_->threads;
}
Precision Network::precision() const {
  return core_->precision;
}

std::uint64_t Network::forecast_bytes(std::int64_t time, std::int64_t batch) const {
  const CallGuard guard(*core_);
  return core_->forecast_bytes({time, batch, true});
}

void Network::reserve(std::int64_t time, std::int64_t batch) {
  const CallGuard guard(*core_);
  core_->reserve({time, batch, true});
}

bool Network::returns_sequences() const {
  return core_->plan.returns_sequences;
}

std::uint64_t Network::memory_bytes() const {
  const std::lock_guard<std::mutex> lock(core_->mutex);
  return core_->memory_bytes();
}

std::uint64_t Network::step_count() const {
  return core_->step_count.load();
}

void Network::set_step_count(std::uint64_t count) {
  const CallGuard guard(*core_);
  core_->step_count.store(count);
}

StepResult Network::train_step(const Batch& batch, const UpdateOptions& options) {
  const CallGuard guard(*core_);
  return core_->train_step(batch, options);
}

void Network::stage(const Batch& batch) {
  const std::lock_guard<std::mutex> lock(core_->mutex);
  if (core_->disposed) throw Error(ErrorCode::disposed, "the network has been disposed of; make a new one");
  core_->stage(batch);
}

StepResult Network::accumulate(const Batch& batch) {
  const CallGuard guard(*core_);
  return core_->accumulate(batch);
}

UpdateResult Network::update(const UpdateOptions& options) {
  const CallGuard guard(*core_);
  return core_->update(options);
}

EvaluationResult Network::evaluate(const Batch& batch, WeightPrecision precision) {
  const CallGuard guard(*core_);
  return core_->evaluate(batch, precision);
}

std::int64_t Network::prediction_size(const Batch& batch) const {
  if (core_->plan.first_softmax < 0) {
    throw Error(ErrorCode::unsupported, "predict: expected a network with a softmax head, got none");
  }
  check_sizes(batch);
  const HeadPlan& head = core_->plan.heads[static_cast<std::size_t>(core_->plan.first_softmax)];
  return core_->plan.rows(batch.time, batch.batch) * head.spec.vocabulary;
}

void Network::predict(const Batch& batch, std::span<float> out) {
  const CallGuard guard(*core_);
  if (static_cast<std::int64_t>(out.size()) != prediction_size(batch)) {
    throw Error(ErrorCode::shape, "predict: expected room for " + std::to_string(prediction_size(batch)) +
                                      " values, got " + std::to_string(out.size()));
  }
  core_->predict(batch, out);
}

std::vector<TensorInfo> Network::tensors(TensorGroup group) const {
  const CallGuard guard(*core_);
  std::vector<TensorInfo> infos;
  for (TensorPlace& place : tensor_places(*core_, group)) infos.push_back(std::move(place.info));
  return infos;
}

void Network::read(TensorGroup group, std::span<float* const> destinations) const {
  const CallGuard guard(*core_);
  read_tensors(*core_, group, destinations);
}

void Network::write(TensorGroup group, std::span<const TensorView> sources) {
  const CallGuard guard(*core_);
  write_tensors(*core_, group, sources);
}

void Network::reset_state() {
  const CallGuard guard(*core_);
  core_->training_state.clear();
  core_->evaluation_state.clear();
}

void Network::dispose() {
  std::unique_lock<std::mutex> lock(core_->mutex);
  core_->idle.wait(lock, [this] { return !core_->running; });
  if (core_->disposed) return;
  core_->disposed = true;
  core_->dispose();
}

bool Network::disposed() const noexcept {
  const std::lock_guard<std::mutex> lock(core_->mutex);
  return core_->disposed;
}

}  // namespace rondo
