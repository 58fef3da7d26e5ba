// The state that LSTM layers carry from call to call.

#include "network/core.h"

namespace rondo {

std::int64_t CarriedState::size(const NetworkPlan& plan, std::int64_t batch) {
  std::int64_t units = 0;
  for (const int index : plan.lstm_layers) units += plan.layers[static_cast<std::size_t>(index)].spec.units;
  return 2 * batch * units;
}

void CarriedState::start(const NetworkPlan& plan, Backend& backend, std::int64_t batch) {
  const std::size_t bytes = sizeof(float) * static_cast<std::size_t>(size(plan, batch));
  batch_ = 0;  // nothing is kept while there is no memory
  memory_.ensure(bytes);
  backend.zero(memory_.data(), bytes);
  batch_ = batch;
}

float* CarriedState::h(const NetworkPlan& plan, int state) const {
  std::int64_t units = 0;
  for (int i = 0; i < state; ++i) {
    const int index = plan.lstm_layers[static_cast<std::size_t>(i)];
    units += plan.layers[static_cast<std::size_t>(index)].spec.units;
  }
  return memory_.floats() + 2 * batch_ * units;
}

float* CarriedState::c(const NetworkPlan& plan, int state) const {
  const int index = plan.lstm_layers[static_cast<std::size_t>(state)];
  return h(plan, state) + batch_ * plan.layers[static_cast<std::size_t>(index)].spec.units;
}

CallGuard::CallGuard(NetworkCore& core) : core_(core) {
  const std::lock_guard<std::mutex> lock(core.mutex);
  if (core.disposed) throw Error(ErrorCode::disposed, "expected a live network, got a disposed one; create a new one");
  if (core.running) {
    throw Error(ErrorCode::busy, "expected an idle network, but another call on it is running; await that call first");
  }
  core.running = true;
}

CallGuard::~CallGuard() {
  const std::lock_guard<std::mutex> lock(core_.mutex);
  core_.running = false;
  core_.idle.notify_all();
}

}  // namespace rondo
