#include "cuda/incoming.h"

#include <algorithm>
#include <cstring>

namespace rondo::cuda {
namespace {

constexpr std::size_t kAlignment = 64;

std::size_t rounded(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

Incoming::~Incoming() {
  try {
    if (copy_) synchronize(copy_);  // a copy may still read the pinned block
  } catch (...) {                   // a device that failed reads nothing
  }
  free_pinned(pinned_);
  free_device(device_);
  destroy_event(filled_);
  destroy_event(taken_);
  destroy_stream(copy_);
}

std::size_t Incoming::bytes() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return capacity_;
}

/// Only while nothing is under way in either block.
void Incoming::grow(std::size_t bytes) {
  if (bytes <= capacity_) return;
  synchronize(taken_);
  free_pinned(pinned_);
  free_device(device_);
  pinned_ = device_ = nullptr;
  capacity_ = 0;
  const std::size_t wanted = std::max(bytes, std::size_t{64} << 10);
  pinned_ = static_cast<char*>(allocate_pinned(wanted));
  device_ = static_cast<char*>(allocate_device(wanted));
  capacity_ = wanted;
}

void Incoming::stage(const UploadPiece* pieces, std::size_t count) {
  const std::lock_guard<std::mutex> guard(mutex_);
  ready_ = false;
  if (!copy_) {
    copy_ = make_stream();
    filled_ = make_event();
    taken_ = make_event();
  }
  synchronize(filled_);  // the copy before has read the pinned block; never recorded is done
  std::size_t total = 0;
  for (std::size_t i = 0; i < count; ++i) total += rounded(pieces[i].bytes);
  if (total == 0) return;
  grow(total);
  used_ = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (pieces[i].bytes) std::memcpy(pinned_ + used_, pieces[i].host, pieces[i].bytes);
    used_ += rounded(pieces[i].bytes);
  }
  wait_for(copy_, taken_);  // the step before may only now put its own batch in place
  copy_to_device(device_, pinned_, used_, copy_);
  record(filled_, copy_);
  ready_ = true;
}

bool Incoming::holds(const UploadPiece* pieces, std::size_t count) const {
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (at + pieces[i].bytes > used_) return false;
    if (pieces[i].bytes && std::memcmp(pinned_ + at, pieces[i].host, pieces[i].bytes) != 0) return false;
    at += rounded(pieces[i].bytes);
  }
  return at == used_;
}

bool Incoming::take(const UploadPiece* pieces, std::size_t count) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!ready_) return false;
  ready_ = false;
  if (!holds(pieces, count)) return false;
  wait_for(compute_, filled_);
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (pieces[i].bytes) copy_on_device(pieces[i].device, device_ + at, pieces[i].bytes, compute_);
    at += rounded(pieces[i].bytes);
  }
  record(taken_, compute_);
  return true;
}

}  // namespace rondo::cuda
