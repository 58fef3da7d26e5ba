#pragma once

// The batch that comes next: it goes up on a stream of its own while the device works on the one before, and waits in a
// block of device memory until its step begins. May be filled from another thread than the one that takes from it.

#include <cstddef>
#include <mutex>

#include "cuda/context.h"
#include "rondo/backend.h"

namespace rondo::cuda {

class Incoming {
 public:
  /// `compute`: the stream whose ops read what take() puts in place.
  explicit Incoming(Stream compute) : compute_(compute) {}
  ~Incoming();
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  /// Copies the bytes away and starts them up; their places do not matter yet. Forgets what was staged before.
  void stage(const UploadPiece* pieces, std::size_t count);
  /// Whether exactly these bytes are staged; then they are put in place, in the order of the compute stream, and are
  /// staged no more. Otherwise what is staged is dropped.
  bool take(const UploadPiece* pieces, std::size_t count);
  std::size_t bytes() const;

 private:
  bool holds(const UploadPiece* pieces, std::size_t count) const;
  void grow(std::size_t bytes);

  const Stream compute_;
  mutable std::mutex mutex_;
  Stream copy_ = nullptr;   ///< made by the first stage()
  Event filled_ = nullptr;  ///< the bytes are on the device
  Event taken_ = nullptr;   ///< nobody reads the device's block any more
  char* pinned_ = nullptr;
  char* device_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
  bool ready_ = false;
};

}  // namespace rondo::cuda
