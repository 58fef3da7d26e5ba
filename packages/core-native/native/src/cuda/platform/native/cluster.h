#pragma once

// The barrier of a cluster of blocks, in its two halves. Every thread arrives once and then waits once, in turn; what a
// thread has stored before it arrives (release) is seen by all threads of the cluster that have waited (acquire).
// Devices before sm_90 have no clusters: the host never launches such kernels there.

#include "platform.h"

namespace rondo::cuda {

__device__ __forceinline__ void cluster_arrive() {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
  asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
#else
  __trap();
#endif
}

__device__ __forceinline__ void cluster_wait() {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
  asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
#else
  __trap();
#endif
}

}  // namespace rondo::cuda
