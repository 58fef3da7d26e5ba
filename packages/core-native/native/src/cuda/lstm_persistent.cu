// Whether a layer fits the persistent kernels on this device, and by which way.

#include "cuda/lstm_persistent.h"

#include "cuda/lstm_layout.h"
#include "cuda/lstm_persistent_launch.h"
#include "cuda/ways.h"

namespace rondo::cuda {
namespace {

static_assert(kGroupUnits == kMemberUnits);

int ceil_div(int a, int b) {
  return (a + b - 1) / b;
}

PersistentWay way_of(LstmPath path, int steps, bool forward) {
  switch (path) {
    case LstmPath::distributed:
      return lstm_distributed_way(steps, forward);
    case LstmPath::cluster:
      return lstm_cluster_way(steps, forward);
    default:
      return lstm_group_way(steps, forward);
  }
}

/// Tiles that each group takes in turn; 0: the device cannot hold enough groups.
int choose_tiles(const DeviceFacts& facts, const PersistentWay& way, const PersistentTasks& tasks, int all) {
  // With more, single steps and their larger launches do as well.
  constexpr int kMostTiles = 4;
  for (int tiles = 1; tiles <= kMostTiles; ++tiles) {
    const int groups = way.groups(facts, tiles, tasks.direction[0].members);
    if (ceil_div(all, tiles) * tasks.directions <= groups) return tiles;
  }
  return 0;
}

/// `fragments`: by direction, the usual ones and the scattered ones.
bool run(CudaContext& context, PersistentTasks tasks, const std::uint32_t* const (&fragments)[2][2], int steps,
         bool forward) {
  const int all = ceil_div(tasks.direction[0].lstm.batch, kTileRows);
  for (LstmPath path = lstm_path(context.facts()); path != LstmPath::fused;
       path = static_cast<LstmPath>(static_cast<int>(path) - 1)) {
    const PersistentWay way = way_of(path, steps, forward);
    const int tiles = choose_tiles(context.facts(), way, tasks, all);
    if (tiles == 0) continue;
    for (int d = 0; d < tasks.directions; ++d) {
      tasks.direction[d].tiles = tiles;
      tasks.direction[d].fragments = fragments[d][way.scattered];
    }
    way.launch(context, tasks, ceil_div(all, tiles));
    return true;
  }
  return false;
}

template <bool kForward, class Op>
bool run(CudaContext& context, const Directions<Op>& ops, const LstmTask<Bf16>* lstm) {
  const LstmShape& shape = ops.op[0]->shape;
  const int steps = lstm_fragment_steps(shape.units);
  if (steps == 0 || !context.facts().cooperative || shape.time < 2) return false;
  const LstmPacked weights(Precision::bf16, shape.input, shape.units);
  const LstmWorkspace work(context.facts(), Precision::bf16, shape);
  PersistentTasks tasks;
  tasks.directions = ops.count;
  const std::uint32_t* fragments[2][2] = {};
  for (int d = 0; d < ops.count; ++d) {
    PersistentTask& task = tasks.direction[d];
    task.lstm = lstm[d];
    task.flags = at_place<std::uint32_t>(ops.op[0]->workspace, work.flags);
    task.failure = context.failure();
    task.members = ceil_div(lstm[d].units, kMemberUnits);
    const float* packed = ops.op[d]->packed;
    fragments[d][0] = at_place<std::uint32_t>(packed, kForward ? weights.fragments : weights.fragments_transposed);
    fragments[d][1] = at_place<std::uint32_t>(packed, weights.fragments_scattered);
  }
  return run(context, tasks, fragments, steps, kForward);
}

}  // namespace

bool lstm_forward_persistent(CudaContext& context, const Directions<LstmForward>& ops, const LstmTask<Bf16>* tasks) {
  return run<true>(context, ops, tasks);
}

bool lstm_backward_persistent(CudaContext& context, const Directions<LstmBackward>& ops, const LstmTask<Bf16>* tasks) {
  return run<false>(context, ops, tasks);
}

}  // namespace rondo::cuda
