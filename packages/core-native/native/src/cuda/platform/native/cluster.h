#pragma once

// Clusters of blocks: their barrier, and stores into one another's shared memory.
//
// The barrier comes in two halves. Every thread arrives once and then waits once, in turn; what a thread has stored
// before it arrives (release) is seen by all threads of the cluster that have waited (acquire).
// Devices before sm_90 have no clusters: the host never launches such kernels there.

#include <cstdint>

#include "flags.h"
#include "platform.h"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
#  define RONDO_HAS_CLUSTERS 1
#else
#  define RONDO_HAS_CLUSTERS 0
#endif

namespace rondo::cuda {

__device__ __forceinline__ void cluster_arrive() {
#if RONDO_HAS_CLUSTERS
  __syncwarp();  // .aligned: all lanes of a warp together
  asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
#else
  __trap();
#endif
}

__device__ __forceinline__ void cluster_wait() {
#if RONDO_HAS_CLUSTERS
  __syncwarp();
  asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
#else
  __trap();
#endif
}

/// Counts what arrives from the cluster: a phase ends when its one arrival has been made and as many bytes as that
/// arrival expected have come. Bytes may come before the arrival that expects them.
using ArrivalBarrier = std::uint64_t;

/// By one thread; others of the cluster may use the barrier behind a cluster barrier.
__device__ __forceinline__ void start_arrivals(ArrivalBarrier* barrier) {
#if RONDO_HAS_CLUSTERS
  asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(shared_word(barrier)) : "memory");
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
#else
  __trap();
#endif
}

/// The one arrival of the phase, by one thread.
__device__ __forceinline__ void expect_bytes(ArrivalBarrier* barrier, std::uint32_t bytes) {
#if RONDO_HAS_CLUSTERS
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_word(barrier)), "r"(bytes)
               : "memory");
#else
  __trap();
#endif
}

/// Waits for the end of the phase with this parity (the first phase has 0), for at most the limit of flags.h; then what
/// was sent is seen. Gives false, and raises *failure, when it has waited too long or when somebody else has failed.
__device__ __forceinline__ bool wait_for_arrivals(ArrivalBarrier* barrier, std::uint32_t parity,
                                                  std::uint32_t* failure) {
#if RONDO_HAS_CLUSTERS
  Patience patience;
  for (;;) {
    std::uint32_t done;
    asm volatile(
        "{\n.reg .pred p;\nmbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 p, [%1], %2;\n"
        "selp.u32 %0, 1, 0, p;\n}"
        : "=r"(done)
        : "r"(shared_word(barrier)), "r"(parity)
        : "memory");
    if (done) return true;
    if (!patience.lasts(failure)) return false;
  }
#else
  __trap();
  return false;
#endif
}

/// Stores 16 bytes at `target`'s place in the shared memory of block `rank` of the cluster, and counts them on
/// `barrier`'s place there (both are this block's own addresses). Does not wait; what this thread, and others that it
/// has met at a barrier, did before is done for whoever sees the phase end.
__device__ __forceinline__ void send_16(uint4 value, void* target, ArrivalBarrier* barrier, std::uint32_t rank) {
#if RONDO_HAS_CLUSTERS
  std::uint32_t place, count;
  asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(place) : "r"(shared_word(target)), "r"(rank));
  asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(count) : "r"(shared_word(barrier)), "r"(rank));
  asm volatile(
      "st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.b32 [%0], {%1, %2, %3, %4}, [%5];" ::"r"(place),
      "r"(value.x), "r"(value.y), "r"(value.z), "r"(value.w), "r"(count)
      : "memory");
#else
  __trap();
#endif
}

}  // namespace rondo::cuda
