#pragma once

// How the members of a cluster hand on what they make at a step, into one another's shared memory. Every tile has two
// buffers that take turns by the step, each with a barrier that counts what has come.
//
// Why two are enough, and nobody has to say that a buffer is free. A member sends for step i only behind its own wait
// for everything of step i − 1. What it waited for was sent by each other member behind a barrier of that member's
// block (and behind its wait for step i − 2): by then all threads of that block had read what step i − 2 left in the
// buffer that step i now fills, and had seen its phase end. So no phase is overtaken, no value is overwritten before it
// was read, and the next phase cannot end before every thread has seen this one end.
//
// Everything sent is waited for before the receiver ends, and the last step sends nothing: no store reaches a block
// that is gone.

#include <cstdint>

#include "cluster.h"
#include "platform.h"

namespace rondo::cuda {

class Exchange {
 public:
  /// `barriers`: [tiles][2] in shared memory, on 8 bytes; `bytes`: what a member receives for a tile and step.
  __device__ Exchange(ArrivalBarrier* barriers, std::uint32_t bytes, std::uint32_t* failure)
      : barriers_(barriers), bytes_(bytes), failure_(failure) {}

  static constexpr int bytes_of(int tiles) { return tiles * 2 * static_cast<int>(sizeof(ArrivalBarrier)); }

  /// With the whole cluster: when it returns, all buffers are as their blocks have prepared them, and may be sent to.
  __device__ void start(int tiles) {
    for (int i = 0; threadIdx.x == 0 && i < 2 * tiles; ++i) {
      start_arrivals(barriers_ + i);
      expect_bytes(barriers_ + i, bytes_);
    }
    cluster_arrive();
    cluster_wait();
  }

  /// Waits, every warp for itself, for all that was sent for step i. False: give up.
  __device__ bool wait(int tile, int i) {
    ArrivalBarrier* const barrier = of(tile, i);
    const bool alone = wait_for_arrivals(barrier, static_cast<std::uint32_t>(i) >> 1 & 1, failure_);
    const bool there = !__any_sync(kAllLanes, !alone);             // a warp goes on, or gives up, as one
    if (threadIdx.x == 0 && there) expect_bytes(barrier, bytes_);  // of step i + 2
    return there;
  }

  __device__ void send(uint4 value, void* place, int tile, int i, int member) {
    send_16(value, place, of(tile, i), static_cast<std::uint32_t>(member));
  }

 private:
  __device__ ArrivalBarrier* of(int tile, int i) const { return barriers_ + tile * 2 + (i & 1); }

  ArrivalBarrier* barriers_;
  std::uint32_t bytes_;
  std::uint32_t* failure_;
};

}  // namespace rondo::cuda
