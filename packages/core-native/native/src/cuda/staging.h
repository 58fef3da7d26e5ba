#pragma once

// Pinned host memory that copies pass through. Two halves take turns: while the device still reads one, the host fills
// the other.

#include <cstddef>
#include <cstdint>

#include "cuda/context.h"

namespace rondo::cuda {

class Staging {
 public:
  explicit Staging(Stream stream) : stream_(stream) {}
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// Copies `host` away and enqueues its way to the device; waits only when both halves are still under way.
  void upload(void* device, const void* host, std::size_t bytes);
  /// Waits for everything enqueued before, and for the copy. Gives the device's `word` of that moment.
  std::uint32_t download(void* host, const void* device, std::size_t bytes, const std::uint32_t* word);
  std::size_t bytes() const;

 private:
  struct Half {
    char* memory = nullptr;
    std::size_t size = 0, used = 0;
    Event copied = nullptr;  ///< recorded when the half is full
    bool under_way = false;
  };
  /// Room for `bytes` ≤ kLargest in the half that is being filled, or in the other one.
  char* take(std::size_t bytes);
  void turn();

  static constexpr std::size_t kLeast = std::size_t{256} << 10, kLargest = std::size_t{8} << 20;

  Stream stream_;
  Half halves_[2];
  int filling_ = 0;
  Half results_;
};

}  // namespace rondo::cuda
