#pragma once

// Owned device memory, and the bump allocator that divides one block of it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "rondo/backend.h"

namespace rondo {

/// A block of a backend's memory; keeps the backend alive. Grows, never shrinks; growing loses the contents.
class DeviceMemory {
 public:
  DeviceMemory() = default;
  explicit DeviceMemory(std::shared_ptr<Backend> backend) : backend_(std::move(backend)) {}
  DeviceMemory(DeviceMemory&& other) noexcept { swap(other); }
  DeviceMemory& operator=(DeviceMemory&& other) noexcept {
    DeviceMemory taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~DeviceMemory() { release(); }

  /// True when the block moved.
  bool ensure(std::size_t bytes) {
    if (bytes <= bytes_) return false;
    release();
    memory_ = backend_->allocate(bytes);
    bytes_ = bytes;
    return true;
  }

  void release() noexcept {
    if (memory_) backend_->release(memory_);
    memory_ = nullptr;
    bytes_ = 0;
  }

  std::size_t bytes() const { return bytes_; }
  char* data() const { return static_cast<char*>(memory_); }
  float* floats() const { return static_cast<float*>(memory_); }

 private:
  void swap(DeviceMemory& other) noexcept {
    std::swap(backend_, other.backend_);
    std::swap(memory_, other.memory_);
    std::swap(bytes_, other.bytes_);
  }

  std::shared_ptr<Backend> backend_;
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Hands out 64-byte aligned pieces of a block. With a null block it only counts: run the same code twice.
class Bump {
 public:
  explicit Bump(char* block) : block_(block) {}

  template <class T>
  T* take(std::int64_t count) {
    const std::size_t at = used_;
    // Sizes that no memory has stay there, so that a sum of them cannot come out small.
    constexpr std::size_t kMost = std::size_t{1} << 62;
    used_ = std::min(kMost, used_ + (static_cast<std::size_t>(count) * sizeof(T) + 63) / 64 * 64);
    return block_ ? reinterpret_cast<T*>(block_ + at) : nullptr;
  }
  std::size_t used() const { return used_; }

 private:
  char* block_;
  std::size_t used_ = 0;
};

}  // namespace rondo
