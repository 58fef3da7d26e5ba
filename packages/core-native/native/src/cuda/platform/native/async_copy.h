#pragma once

// Copies from global to shared memory that do not pass through registers. A thread's copies since its last commit are
// a group; after wait_copies<n>() all but its latest n groups have landed (for that thread: others need a barrier).

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

/// 16 bytes (both ends aligned), through L2 only; where `valid` is false zeros are written and nothing is read.
__device__ __forceinline__ void copy_16(void* shared, const void* global, bool valid) {
  const std::uint32_t target = static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(global), "r"(valid ? 16 : 0)
               : "memory");
}

/// 4 bytes.
__device__ __forceinline__ void copy_4(void* shared, const void* global, bool valid) {
  const std::uint32_t target = static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(target), "l"(global), "r"(valid ? 4 : 0)
               : "memory");
}

__device__ __forceinline__ void commit_copies() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}

template <int kPending>
__device__ __forceinline__ void wait_copies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
}

}  // namespace rondo::cuda
