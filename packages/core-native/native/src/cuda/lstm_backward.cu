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
void run_steps(CudaContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const LstmWorkspace work(context.facts(), context.precision(), s);
  LstmTask<T> task = lstm_task<T>(context, s, op.packed, op.gates);
  task.states = op.c;
  task.dy = op.dy;
  task.dy_stride = op.dy_stride;
  task.last_only = op.last_only;
  task.dh = at_place<float>(op.workspace, work.dh);
  task.dc = at_place<float>(op.workspace, work.dc);
  if constexpr (std::is_same_v<T, Bf16>) {
    if (lstm_backward_persistent(context, op, task)) return;
  }
  for (int step = task.time - 1; step >= 0; --step) lstm_backward_step(context, task, step);
}

template <class T>
void run(CudaContext& context, const LstmBackward& op) {
  if (op.shape.time > 0 && op.shape.batch > 0) run_steps<T>(context, op);
  if (op.dx) lstm_input_gradient<T>(context, op);
  lstm_weight_gradients<T>(context, op);
}

}  // namespace

void lstm_backward(CudaContext& context, const LstmBackward& op) {
  context.precision() == Precision::bf16 ? run<Bf16>(context, op) : run<float>(context, op);
}

}  // namespace rondo::cuda
