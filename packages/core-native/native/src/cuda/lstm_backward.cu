// LSTM backward, one direction: the steps in reverse leave dz in the gates' place; everything else is products over all
// steps. Equations 8–12 of docs/lstm.md.

#include <type_traits>

#include "cuda/cuda_ops.h"
#include "cuda/lstm_gradients.h"
#include "cuda/lstm_persistent.h"
#include "cuda/lstm_step.h"
#include "cuda/lstm_task.h"

namespace rondo::cuda {
namespace {

template <class T>
LstmTask<T> backward_task(CudaContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const LstmWorkspace work(context.facts(), context.precision(), s);
  LstmTask<T> task = lstm_task<T>(context, s, op.packed, op.gates);
  task.states = op.c;
  task.dy = op.dy;
  task.dy_stride = op.dy_stride;
  task.last_only = op.last_only;
  task.dh = at_place<float>(op.workspace, work.dh);
  task.dc = at_place<float>(op.workspace, work.dc);
  return task;
}

template <class T>
void run_steps(CudaContext& context, const Directions<LstmBackward>& ops) {
  LstmTask<T> tasks[2];
  for (int d = 0; d < ops.count; ++d) tasks[d] = backward_task<T>(context, *ops.op[d]);
  if constexpr (std::is_same_v<T, Bf16>) {
    if (lstm_backward_persistent(context, ops, tasks)) return;
  }
  for (int d = 0; d < ops.count; ++d) {
    for (int step = tasks[d].time - 1; step >= 0; --step) lstm_backward_step(context, tasks[d], step);
  }
}

template <class T>
void run(CudaContext& context, const Directions<LstmBackward>& ops) {
  const LstmShape& s = ops.op[0]->shape;
  if (s.time > 0 && s.batch > 0) run_steps<T>(context, ops);
  for (int d = 0; d < ops.count; ++d) {
    if (ops.op[d]->dx) lstm_input_gradient<T>(context, *ops.op[d]);
    lstm_weight_gradients<T>(context, *ops.op[d]);
  }
}

void run(CudaContext& context, const Directions<LstmBackward>& ops) {
  context.precision() == Precision::bf16 ? run<Bf16>(context, ops) : run<float>(context, ops);
}

}  // namespace

void lstm_backward(CudaContext& context, const LstmBackward& op) {
  run(context, {{&op}, 1});
}

void lstm_backward_both(CudaContext& context, const LstmBackward& forward, const LstmBackward& reverse) {
  run(context, {{&forward, &reverse}, 2});
}

}  // namespace rondo::cuda
