#pragma once

// What the machine can do, in slices of a few milliseconds, so that they can stand between the runs that are compared
// with them.

#include <cstddef>

namespace rondo::bench {

/// Fused multiply-adds from registers on `threads` threads together, in GFLOP/s (each counts as two).
double fma_rate(int threads);

/// Memory as the engine's own: aligned, in huge pages where the system has them.
class Block {
 public:
  explicit Block(std::size_t bytes);
  ~Block();
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  const float* data() const { return data_; }
  std::size_t count() const { return count_; }  ///< floats

 private:
  float* data_ = nullptr;
  std::size_t count_ = 0;
};

/// Sequential reads of a block, each thread its part again and again, in GB/s: from the cache or memory that a block of
/// that size lives in.
double read_rate(int threads, const Block& block);

}  // namespace rondo::bench
