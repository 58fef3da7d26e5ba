#pragma once

// Words in device memory by which blocks of one launch tell one another how far they are.
//
// The argument, in the terms of the PTX memory model: a writer's plain stores come before its store_release (same
// thread, or another thread of the block with a __syncthreads in between, which is cumulative); the reader's
// load_acquire observes that value and so synchronises with the release, both at gpu scope; the reader's later loads
// (same thread, or others of its block behind a __syncthreads) therefore see the stores. Readers must not use the
// non-coherent path (ld.global.nc, __ldg, const __restrict__) for such data.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

__device__ __forceinline__ void store_release(std::uint32_t* flag, std::uint32_t value) {
  asm volatile("st.release.gpu.global.u32 [%0], %1;" ::"l"(flag), "r"(value) : "memory");
}

__device__ __forceinline__ std::uint32_t load_acquire(const std::uint32_t* flag) {
  std::uint32_t value;
  asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(value) : "l"(flag) : "memory");
  return value;
}

__device__ __forceinline__ void add_release(std::uint32_t* flag, std::uint32_t value) {
  asm volatile("red.release.gpu.global.add.u32 [%0], %1;" ::"l"(flag), "r"(value) : "memory");
}

__device__ __forceinline__ std::uint64_t nanoseconds() {
  std::uint64_t now;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(now));
  return now;
}

/// How long a loop that polls goes on: ten seconds at most, and not when somebody else has failed.
class Patience {
 public:
  /// After a poll in vain. False: give up; *failure is raised.
  __device__ __forceinline__ bool lasts(std::uint32_t* failure) {
    constexpr std::uint64_t kLimit = 10'000'000'000ull;  // a step takes microseconds; sanitizers are slow
    if (++polls_ % 1024) return true;
    if (load_acquire(failure)) return false;
    const std::uint64_t now = nanoseconds();
    if (start_ == 0) start_ = now;
    if (now - start_ < kLimit) return true;
    store_release(failure, 1);
    return false;
  }

 private:
  unsigned polls_ = 0;
  std::uint64_t start_ = 0;
};

/// Waits until *flag has reached `target` (counting modulo 2^32). Gives false, and raises *failure, when it has waited
/// too long or when somebody else has failed.
__device__ __forceinline__ bool wait_for_flag(const std::uint32_t* flag, std::uint32_t target, std::uint32_t* failure) {
  Patience patience;
  while (static_cast<std::int32_t>(load_acquire(flag) - target) < 0) {
    if (!patience.lasts(failure)) return false;
  }
  return true;
}

}  // namespace rondo::cuda
