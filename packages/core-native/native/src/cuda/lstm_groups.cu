// Persistent kernels whose blocks follow one another by flags in L2.

#include <algorithm>

#include "cuda/lstm_layout.h"
#include "cuda/lstm_persistent_launch.h"

namespace rondo::cuda {

template <int kSteps, bool kForward>
int lstm_resident_groups(const DeviceFacts& facts, int tiles, int members) {
  const int blocks =
      facts.multiprocessors * resident_blocks(lstm_persistent_kernel<kSteps, kForward>, kPersistentThreads,
                                              PersistentShared<kSteps, kForward>::bytes(tiles));
  return static_cast<int>(std::min<std::int64_t>(blocks, LstmWorkspace::kFlags)) / members;
}

template <int kSteps, bool kForward>
void lstm_launch_groups(CudaContext& context, const PersistentTask& task, int groups) {
  fill_bytes(task.flags, 0, sizeof(std::uint32_t) * static_cast<std::size_t>(groups * task.members), context.stream());
  launch_cooperative(context.stream(), Grid{static_cast<unsigned>(task.members), static_cast<unsigned>(groups)},
                     Block{kPersistentThreads},
                     static_cast<std::size_t>(PersistentShared<kSteps, kForward>::bytes(task.tiles)),
                     lstm_persistent_kernel<kSteps, kForward>, task);
}

#define RONDO_LSTM_STEPS(steps)                                                            \
  template int lstm_resident_groups<steps, true>(const DeviceFacts&, int, int);            \
  template int lstm_resident_groups<steps, false>(const DeviceFacts&, int, int);           \
  template void lstm_launch_groups<steps, true>(CudaContext&, const PersistentTask&, int); \
  template void lstm_launch_groups<steps, false>(CudaContext&, const PersistentTask&, int);
RONDO_LSTM_STEPS(2)
RONDO_LSTM_STEPS(4)
RONDO_LSTM_STEPS(8)
RONDO_LSTM_STEPS(16)
#undef RONDO_LSTM_STEPS

}  // namespace rondo::cuda
