#pragma once

// Launches of the persistent kernels, each kind in a file of its own.

#include "cuda/context.h"
#include "cuda/device/persistent_task.h"

namespace rondo::cuda {

/// One kind of kernel for one size: how many groups of `members` blocks with `tiles` tiles each are resident at once
/// (0: none), and its launch with `groups` of them per direction.
struct PersistentWay {
  int (*groups)(const DeviceFacts& facts, int tiles, int members) = nullptr;
  void (*launch)(CudaContext& context, const PersistentTasks& tasks, int groups) = nullptr;
  bool scattered = false;  ///< takes the fragments of scatter_weights.h
};

/// For 2, 4, 8 or 16 steps of k per warp (lstm_fragment_steps).
PersistentWay lstm_group_way(int steps, bool forward);
PersistentWay lstm_cluster_way(int steps, bool forward);
PersistentWay lstm_distributed_way(int steps, bool forward);

inline Grid persistent_grid(const PersistentTasks& tasks, int groups) {
  return {static_cast<unsigned>(tasks.direction[0].members), static_cast<unsigned>(groups),
          static_cast<unsigned>(tasks.directions)};
}

}  // namespace rondo::cuda
