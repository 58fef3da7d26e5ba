#pragma once

// How the members of a group follow one another through the steps: one word per member that only that member writes,
// and that only grows, within one launch, from 0.
//
// Why it is right. A member finishes a tile with publish(): all its threads have made their plain stores (h, or dz);
// __syncthreads orders them before thread 0's store_release at gpu scope (release is cumulative over the barrier). A
// reader's lane loads that word with acquire at gpu scope until it is large enough, which orders the release, and with
// it the stores, before what that lane does next; the __syncthreads_or that ends await() passes this on to every thread
// of the block. Data go to a place of their own for every step (slot t of h, row t of dz), so that no reader can be
// overtaken by a writer, and nothing needs to be awaited before a store. Blocks are all resident (cooperative launch),
// members wait only for what others did at an earlier step, step 0 waits for nobody: by induction every wait ends.
// Should one not end (a device that failed), it gives up after a limit and raises the failure word, and all others
// follow.

#include <cstdint>

#include "cluster.h"
#include "flags.h"
#include "platform.h"

namespace rondo::cuda {

/// Over L2, for any device.
struct GroupFlags {
  std::uint32_t* words = nullptr;  ///< [members], of this group
  std::uint32_t* failure = nullptr;
  int members = 0, member = 0;

  /// Waits, with the whole block, until every member has published `count` tiles. False: give up.
  __device__ bool await(std::uint32_t count) {
    bool failed = false;
    for (int m = static_cast<int>(threadIdx.x); m < members; m += static_cast<int>(blockDim.x)) {
      failed = failed || !wait_for_flag(words + m, count, failure);
    }
    return !__syncthreads_or(failed);
  }

  /// Tells, with the whole block, that `count` tiles are done.
  __device__ void publish(std::uint32_t count) {
    __syncthreads();
    if (threadIdx.x == 0) store_release(words + member, count);
  }

  __device__ void finish() {}
};

/// By the barrier of a cluster, where the group is one. Members publish the same tiles in the same order, so that a
/// wait for the phase of this member's latest publish is a wait for everything that await() may ask for. The barrier is
/// split: between publish() and await() a member goes on with what is its own. Release and acquire are the barrier's.
struct GroupCluster {
  bool pending = false;  ///< arrived, not yet waited

  __device__ bool await(std::uint32_t) {
    if (pending) cluster_wait();
    pending = false;
    return true;
  }

  __device__ void publish(std::uint32_t) {
    if (pending) cluster_wait();
    cluster_arrive();
    pending = true;
  }

  /// No member leaves while another one is still to arrive.
  __device__ void finish() { await(0); }
};

}  // namespace rondo::cuda
