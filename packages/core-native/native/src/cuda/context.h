#pragma once

// What every op of the CUDA backend works with: one stream, the device's facts, a scratch block and the failure word.

#include <cstddef>
#include <cstdint>

#include "cuda/device_facts.h"
#include "platform.h"
#include "rondo/device.h"

namespace rondo::cuda {

class CudaContext {
 public:
  CudaContext(const DeviceFacts& facts, Precision precision);
  ~CudaContext();
  CudaContext(const CudaContext&) = delete;
  CudaContext& operator=(const CudaContext&) = delete;

  const DeviceFacts& facts() const { return facts_; }
  /// Never automatic.
  Precision precision() const { return precision_; }
  /// Ops enqueue here and nowhere else, and never wait for it.
  Stream stream() const { return stream_; }

  /// Device memory for one op: valid until the next op, contents not kept. 256-byte aligned. Error(internal) when it
  /// would have to grow while a graph is being captured.
  void* scratch(std::size_t bytes);
  std::size_t scratch_bytes() const { return scratch_bytes_; }
  /// Counts how often the scratch has moved: recorded graphs hold its address.
  std::uint64_t scratch_moves() const { return scratch_moves_; }

  /// Device word, 0 until a kernel gives up waiting for another one.
  std::uint32_t* failure() const { return failure_; }

  void set_capturing(bool capturing) { capturing_ = capturing; }
  bool capturing() const { return capturing_; }

  /// Blocks for `items` at `per_block` each, at least 1 and not more than keep the device busy: kernels stride on.
  unsigned blocks_for(std::int64_t items, std::int64_t per_block) const;

 private:
  const DeviceFacts facts_;
  const Precision precision_;
  Stream stream_ = nullptr;
  std::uint32_t* failure_ = nullptr;
  void* scratch_ = nullptr;
  std::size_t scratch_bytes_ = 0;
  std::uint64_t scratch_moves_ = 0;
  bool capturing_ = false;
};

}  // namespace rondo::cuda
