// Persistent kernels whose groups are clusters of blocks that store into one another's shared memory (sm_90 and newer).

#include "cuda/lstm_distributed_backward.h"
#include "cuda/lstm_distributed_forward.h"
#include "cuda/lstm_persistent_launch.h"
#include "rondo/error.h"

namespace rondo::cuda {
namespace {

template <int kSteps>
struct Forward {
  static int resident(const DeviceFacts&, int tiles, int members) {
    return resident_clusters(lstm_distributed_forward_kernel<kSteps>, kPersistentThreads,
                             DistributedForwardShared<kSteps>::bytes(tiles), members);
  }
  static void start(CudaContext& context, const PersistentTasks& tasks, int groups) {
    launch_cluster(context.stream(), persistent_grid(tasks, groups), Block{kPersistentThreads},
                   static_cast<std::size_t>(DistributedForwardShared<kSteps>::bytes(tasks.direction[0].tiles)),
                   lstm_distributed_forward_kernel<kSteps>, tasks);
  }
};

template <int kHalves>
struct Backward {
  static int resident(const DeviceFacts&, int tiles, int members) {
    return resident_clusters(lstm_distributed_backward_kernel<kHalves>, kPersistentThreads,
                             DistributedBackwardShared<kHalves>::bytes(tiles), members);
  }
  static void start(CudaContext& context, const PersistentTasks& tasks, int groups) {
    launch_cluster(context.stream(), persistent_grid(tasks, groups), Block{kPersistentThreads},
                   static_cast<std::size_t>(DistributedBackwardShared<kHalves>::bytes(tasks.direction[0].tiles)),
                   lstm_distributed_backward_kernel<kHalves>, tasks);
  }
};

template <class Kernel>
PersistentWay way(bool scattered) {
  return {Kernel::resident, Kernel::start, scattered};
}

}  // namespace

PersistentWay lstm_distributed_way(int steps, bool forward) {
  if (!forward) return steps <= 8 ? way<Backward<1>>(true) : way<Backward<2>>(true);
  switch (steps) {
    case 2:
      return way<Forward<2>>(false);
    case 4:
      return way<Forward<4>>(false);
    case 8:
      return way<Forward<8>>(false);
    case 16:
      return way<Forward<16>>(false);
    default:
      throw Error(ErrorCode::internal, "no distributed kernel for this number of steps");
  }
}

}  // namespace rondo::cuda
