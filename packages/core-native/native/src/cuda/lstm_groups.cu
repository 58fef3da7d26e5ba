// Persistent kernels whose blocks follow one another by flags in L2.

#include <algorithm>

#include "cuda/lstm_layout.h"
#include "cuda/lstm_persistent_kernel.h"
#include "cuda/lstm_persistent_launch.h"
#include "rondo/error.h"

namespace rondo::cuda {
namespace {

template <int kSteps, bool kForward>
int resident(const DeviceFacts& facts, int tiles, int members) {
  const int blocks =
      facts.multiprocessors * resident_blocks(lstm_persistent_kernel<kSteps, kForward>, kPersistentThreads,
                                              PersistentShared<kSteps, kForward>::bytes(tiles));
  return static_cast<int>(std::min<std::int64_t>(blocks, LstmWorkspace::kFlags)) / members;
}

/// The flags of both directions lie side by side.
template <int kSteps, bool kForward>
void start(CudaContext& context, const PersistentTasks& tasks, int groups) {
  const PersistentTask& first = tasks.direction[0];
  PersistentTasks placed = tasks;
  placed.direction[1].flags = first.flags + groups * first.members;
  const auto words = static_cast<std::size_t>(groups * first.members * tasks.directions);
  fill_bytes(first.flags, 0, sizeof(std::uint32_t) * words, context.stream());
  launch_cooperative(context.stream(), persistent_grid(tasks, groups), Block{kPersistentThreads},
                     static_cast<std::size_t>(PersistentShared<kSteps, kForward>::bytes(first.tiles)),
                     lstm_persistent_kernel<kSteps, kForward>, placed);
}

template <int kSteps>
PersistentWay way(bool forward) {
  if (forward) return {resident<kSteps, true>, start<kSteps, true>};
  return {resident<kSteps, false>, start<kSteps, false>};
}

}  // namespace

PersistentWay lstm_group_way(int steps, bool forward) {
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
      throw Error(ErrorCode::internal, "no persistent kernel for this number of steps");
  }
}

}  // namespace rondo::cuda
