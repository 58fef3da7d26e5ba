#include "session.h"

#include <utility>

namespace rondo::bindings {

Session::Session(std::unique_ptr<Network> network) : network_(std::move(network)) {}

Network& Session::living() {
  if (disposed_) throw Error(ErrorCode::disposed, "the network has been disposed of; make a new one");
  return *network_;
}

Network& Session::ready() {
  Network& network = living();
  if (busy_)
    throw Error(ErrorCode::busy, "another call on this network is still running; await it before the next one");
  return network;
}

void Session::begin() {
  ready();
  busy_ = true;
}

void Session::end(Napi::BasicEnv env) {
  busy_ = false;
  retired_.clear();
  if (disposed_) {
    release(env);
  } else {
    refresh(env);
  }
}

void Session::dispose(Napi::BasicEnv env) {
  if (disposed_) return;
  disposed_ = true;
  if (!busy_) release(env);
}

void Session::retire(std::shared_ptr<Stream> stream) {
  if (busy_ && stream) retired_.push_back(std::move(stream));
}

void Session::refresh(Napi::BasicEnv env) {
  if (disposed_ || busy_) return;
  step_count_ = network_->step_count();
  tell(env, static_cast<std::int64_t>(network_->memory_bytes()));
}

void Session::release(Napi::BasicEnv env) {
  step_count_ = network_->step_count();
  network_->dispose();
  tell(env, 0);
}

void Session::tell(Napi::BasicEnv env, std::int64_t bytes) {
  if (bytes == told_) return;
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes - told_);
  told_ = bytes;
}

}  // namespace rondo::bindings
