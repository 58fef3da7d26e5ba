// Persistent kernels whose groups are clusters of blocks (sm_90 and newer); data go through L2.

#include "cuda/lstm_persistent_kernel.h"
#include "cuda/lstm_persistent_launch.h"
#include "rondo/error.h"

namespace rondo::cuda {
namespace {

template <int kSteps, bool kForward>
int resident(const DeviceFacts&, int tiles, int members) {
  return resident_clusters(lstm_cluster_kernel<kSteps, kForward>, kPersistentThreads,
                           PersistentShared<kSteps, kForward>::bytes(tiles), members);
}

template <int kSteps, bool kForward>
void start(CudaContext& context, const PersistentTasks& tasks, int groups) {
  launch_cluster(context.stream(), persistent_grid(tasks, groups), Block{kPersistentThreads},
                 static_cast<std::size_t>(PersistentShared<kSteps, kForward>::bytes(tasks.direction[0].tiles)),
                 lstm_cluster_kernel<kSteps, kForward>, tasks);
}

template <int kSteps>
PersistentWay way(bool forward) {
  if (forward) return {resident<kSteps, true>, start<kSteps, true>};
  return {resident<kSteps, false>, start<kSteps, false>};
}

}  // namespace

PersistentWay lstm_cluster_way(int steps, bool forward) {
  switch (steps) {
    case 2:
      return way<2>(forward);
    case 4:
      return way<4>(forward);
    case 8:
      return way<8>(forward);
    case 16:
      return way<16>(forward);
    default:
      throw Error(ErrorCode::internal, "no cluster kernel for this number of steps");
  }
}

}  // namespace rondo::cuda
