// Whether a layer fits the persistent kernels on this device, and their launches.

#include "cuda/lstm_persistent.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "cuda/lstm_layout.h"
#include "cuda/lstm_persistent_kernel.h"

namespace rondo::cuda {
namespace {

static_assert(kGroupUnits == kMemberUnits);

/// More tiles in turn than this, and single steps with their larger launches do as well.
constexpr int kMostTiles = 4;

/// RONDO_CUDA_LSTM=fused|graph: single steps, for measurement.
bool allowed() {
  const char* path = std::getenv("RONDO_CUDA_LSTM");
  return !path || (std::strcmp(path, "fused") != 0 && std::strcmp(path, "graph") != 0);
}

int ceil_div(int a, int b) {
  return (a + b - 1) / b;
}

/// Groups that share the batch out; 0: the device cannot hold the kernel with so few rows in turn.
template <int kSteps, bool kForward>
int choose_groups(const DeviceFacts& facts, int batch, int members) {
  using Shared = PersistentShared<kSteps, kForward>;
  const int all = ceil_div(batch, kTileRows);
  for (int tiles = 1; tiles <= kMostTiles; ++tiles) {
    const int groups = ceil_div(all, tiles);
    const int resident = facts.multiprocessors * resident_blocks(lstm_persistent_kernel<kSteps, kForward>,
                                                                 kPersistentThreads, Shared::bytes(tiles));
    if (groups * members <= std::min<std::int64_t>(resident, LstmWorkspace::kFlags)) return groups;
  }
  return 0;
}

template <int kSteps, bool kForward>
bool run(CudaContext& context, PersistentTask task) {
  const int groups = choose_groups<kSteps, kForward>(context.facts(), task.lstm.batch, task.members);
  if (groups == 0) return false;
  task.tiles = ceil_div(ceil_div(task.lstm.batch, kTileRows), groups);
  fill_bytes(task.flags, 0, sizeof(std::uint32_t) * static_cast<std::size_t>(groups * task.members), context.stream());
  launch_cooperative(context.stream(), Grid{static_cast<unsigned>(task.members), static_cast<unsigned>(groups)},
                     Block{kPersistentThreads},
                     static_cast<std::size_t>(PersistentShared<kSteps, kForward>::bytes(task.tiles)),
                     lstm_persistent_kernel<kSteps, kForward>, task);
  return true;
}

template <bool kForward>
bool run(CudaContext& context, const LstmShape& shape, const LstmTask<Bf16>& lstm, const float* packed,
         float* workspace) {
  const LstmPacked weights(Precision::bf16, shape.input, shape.units);
  PersistentTask task;
  task.lstm = lstm;
  task.fragments = at_place<std::uint32_t>(packed, kForward ? weights.fragments : weights.fragments_transposed);
  task.flags = at_place<std::uint32_t>(workspace, LstmWorkspace(context.facts(), Precision::bf16, shape).flags);
  task.failure = context.failure();
  task.members = ceil_div(lstm.units, kMemberUnits);
  switch (lstm_fragment_steps(shape.units)) {
    case 2:
      return run<2, kForward>(context, task);
    case 4:
      return run<4, kForward>(context, task);
    case 8:
      return run<8, kForward>(context, task);
    case 16:
      return run<16, kForward>(context, task);
    default:
      return false;
  }
}

bool worthwhile(const CudaContext& context, const LstmShape& shape) {
  return allowed() && context.facts().cooperative && shape.time > 1;
}

}  // namespace

bool lstm_forward_persistent(CudaContext& context, const LstmForward& op, const LstmTask<Bf16>& task) {
  return worthwhile(context, op.shape) && run<true>(context, op.shape, task, op.packed, op.workspace);
}

bool lstm_backward_persistent(CudaContext& context, const LstmBackward& op, const LstmTask<Bf16>& task) {
  return worthwhile(context, op.shape) && run<false>(context, op.shape, task, op.packed, op.workspace);
}

}  // namespace rondo::cuda
