#pragma once

// Launches of the persistent kernels, each kind in a file of its own; for 2, 4, 8 and 16 steps of k per warp.

#include "cuda/context.h"
#include "cuda/lstm_persistent_kernel.h"

namespace rondo::cuda {

/// Groups of `members` blocks that are resident at once, when each takes `tiles` tiles in turn.
template <int kSteps, bool kForward>
int lstm_resident_groups(const DeviceFacts& facts, int tiles, int members);
template <int kSteps, bool kForward>
void lstm_launch_groups(CudaContext& context, const PersistentTask& task, int groups);

/// The same where each group is a cluster of blocks; 0 where there are no such clusters.
template <int kSteps, bool kForward>
int lstm_resident_clusters(int tiles, int members);
template <int kSteps, bool kForward>
void lstm_launch_clusters(CudaContext& context, const PersistentTask& task, int groups);

}  // namespace rondo::cuda
