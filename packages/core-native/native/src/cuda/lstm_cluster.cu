// Persistent kernels whose groups are clusters of blocks (sm_90 and newer).

#include "cuda/lstm_persistent_launch.h"

namespace rondo::cuda {

template <int kSteps, bool kForward>
int lstm_resident_clusters(int tiles, int members) {
  return resident_clusters(lstm_cluster_kernel<kSteps, kForward>, kPersistentThreads,
                           PersistentShared<kSteps, kForward>::bytes(tiles), members);
}

template <int kSteps, bool kForward>
void lstm_launch_clusters(CudaContext& context, const PersistentTask& task, int groups) {
  launch_cluster(context.stream(), Grid{static_cast<unsigned>(task.members), static_cast<unsigned>(groups)},
                 Block{kPersistentThreads},
                 static_cast<std::size_t>(PersistentShared<kSteps, kForward>::bytes(task.tiles)),
                 lstm_cluster_kernel<kSteps, kForward>, task);
}

#define RONDO_LSTM_STEPS(steps)                                                              \
  template int lstm_resident_clusters<steps, true>(int, int);                                \
  template int lstm_resident_clusters<steps, false>(int, int);                               \
  template void lstm_launch_clusters<steps, true>(CudaContext&, const PersistentTask&, int); \
  template void lstm_launch_clusters<steps, false>(CudaContext&, const PersistentTask&, int);
RONDO_LSTM_STEPS(2)
RONDO_LSTM_STEPS(4)
RONDO_LSTM_STEPS(8)
RONDO_LSTM_STEPS(16)
#undef RONDO_LSTM_STEPS

}  // namespace rondo::cuda
