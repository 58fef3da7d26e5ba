// Whether a layer fits the persistent kernels on this device, and their launches.

#include "cuda/lstm_persistent.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "cuda/lstm_layout.h"
#include "cuda/lstm_persistent_launch.h"

namespace rondo::cuda {
namespace {

static_assert(kGroupUnits == kMemberUnits);

int ceil_div(int a, int b) {
  return (a + b - 1) / b;
}

/// Tiles that each group takes in turn; 0: the device cannot hold enough groups.
template <int kSteps, bool kForward>
int choose_tiles(const DeviceFacts& facts, LstmPath path, int all, int members) {
  // With more, single steps and their larger launches do as well.
  constexpr int kMostTiles = 4;
  for (int tiles = 1; tiles <= kMostTiles; ++tiles) {
    const int groups = path == LstmPath::cluster ? lstm_resident_clusters<kSteps, kForward>(tiles, members)
                                                 : lstm_resident_groups<kSteps, kForward>(facts, tiles, members);
    if (ceil_div(all, tiles) <= groups) return tiles;
  }
  return 0;
}

template <int kSteps, bool kForward>
bool run(CudaContext& context, PersistentTask task) {
  const int all = ceil_div(task.lstm.batch, kTileRows);
  LstmPath path = lstm_path();
  task.tiles = choose_tiles<kSteps, kForward>(context.facts(), path, all, task.members);
  if (task.tiles == 0 && path == LstmPath::cluster) {
    path = LstmPath::persistent;
    task.tiles = choose_tiles<kSteps, kForward>(context.facts(), path, all, task.members);
  }
  if (task.tiles == 0) return false;
  const int groups = ceil_div(all, task.tiles);
  path == LstmPath::cluster ? lstm_launch_clusters<kSteps, kForward>(context, task, groups)
                            : lstm_launch_groups<kSteps, kForward>(context, task, groups);
  return true;
}

template <bool kForward>
bool run(CudaContext& context, const LstmShape& shape, const LstmTask<Bf16>& lstm, const float* packed,
         float* workspace) {
  if (lstm_path() == LstmPath::fused || !context.facts().cooperative || shape.time < 2) return false;
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

}  // namespace

LstmPath lstm_path() {
  const char* path = std::getenv("RONDO_CUDA_LSTM");
  if (!path) return LstmPath::persistent;
  if (std::strcmp(path, "fused") == 0 || std::strcmp(path, "graph") == 0) return LstmPath::fused;
  return std::strcmp(path, "cluster") == 0 ? LstmPath::cluster : LstmPath::persistent;
}

bool lstm_forward_persistent(CudaContext& context, const LstmForward& op, const LstmTask<Bf16>& task) {
  return run<true>(context, op.shape, task, op.packed, op.workspace);
}

bool lstm_backward_persistent(CudaContext& context, const LstmBackward& op, const LstmTask<Bf16>& task) {
  return run<false>(context, op.shape, task, op.packed, op.workspace);
}

}  // namespace rondo::cuda
