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

#include "flags.h"
#include "platform.h"

namespace rondo::cuda {

struct GroupFlags {
  std::uint32_t* words = nullptr;  ///< [members], of this group
  std::uint32_t* failure = nullptr;
  int members = 0, member = 0;

  /// Waits, with the whole block, until every member has published `count` tiles. False: give up.
  __device__ bool await(std::uint32_t count) const {
    bool failed = false;
    for (int m = static_cast<int>(threadIdx.x); m < members; m += static_cast<int>(blockDim.x)) {
      failed = failed || !wait_for_flag(words + m, count, failure);
    }
    return !__syncthreads_or(failed);
  }

  /// Tells, with the whole block, that `count` tiles are done.
  __device__ void publish(std::uint32_t count) const {
    __syncthreads();
    if (threadIdx.x == 0) store_release(words + member, count);
  }
};

}  // namespace rondo::cuda
