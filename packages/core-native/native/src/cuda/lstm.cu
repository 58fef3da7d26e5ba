// LSTM forward, one direction: x W of all steps in one product, then the steps. Equations 1–7 of docs/lstm.md.

#include <type_traits>

#include "cuda/cuda_ops.h"
#include "cuda/lstm_pack.h"
#include "cuda/lstm_persistent.h"
#include "cuda/lstm_step.h"
#include "cuda/lstm_task.h"
#include "cuda/lstm_token.h"

namespace rondo::cuda {
namespace {

/// z = x W.
template <class T>
void project(CudaContext& context, const LstmForward& op) {
  const LstmShape& s = op.shape;
  const LstmGates gates(context.precision(), s);
  const std::int64_t columns = lstm_columns(s.units);
  Product p;
  p.arithmetic = lstm_arithmetic(context.precision());
  p.m = product_size(s.time * s.batch);
  p.n = static_cast<int>(columns);
  p.k = static_cast<int>(s.input);
  p.a = {op.x, s.input, 0, 8, true};
  p.b = {at_place<T>(op.packed, LstmPacked(context.precision(), s.input, s.units).w), columns, 0, 8, false};
  p.c = at_place<T>(op.gates, gates.z);
  p.c_stride = columns;
  if constexpr (std::is_same_v<T, Bf16>) {
    Bf16* x = at_place<Bf16>(op.gates, gates.x);
    const std::int64_t padded = up_to(s.input, 8);
    narrow(context, op.x, p.m, s.input, padded, x);
    p.a = {x, padded, 0, 8, true};
    p.c_is_bf16 = true;
  }
  multiply_whole(context, p);
}

template <class T>
LstmTask<T> forward_task(CudaContext& context, const LstmForward& op) {
  const LstmShape& s = op.shape;
  const LstmGates gates(context.precision(), s);
  LstmTask<T> task = lstm_task<T>(context, s, op.packed, op.gates);
  task.bias = op.bias;
  task.h = op.h;
  task.c = op.c;
  const bool narrows = std::is_same_v<T, Bf16>;
  task.operand = narrows ? at_place<T>(op.gates, gates.h) : reinterpret_cast<T*>(op.h);
  task.operand_stride = static_cast<int>(narrows ? lstm_block_units(s.units) : s.units);
  return task;
}

/// Everything before the steps: mask bits, x W, the start state as products read it.
template <class T>
void prepare(CudaContext& context, const LstmForward& op, const LstmTask<T>& task) {
  project<T>(context, op);
  if constexpr (std::is_same_v<T, Bf16>) {
    const std::int64_t start = (task.reverse ? task.time : 0) * op.shape.batch;
    narrow(context, op.h + start * task.units, task.batch, task.units, task.operand_stride,
           task.operand + start * task.operand_stride);
  }
}

template <class T>
void run(CudaContext& context, const Directions<LstmForward>& ops) {
  const LstmShape& s = ops.op[0]->shape;
  if (s.time == 0 || s.batch == 0) return;
  LstmTask<T> tasks[2];
  for (int d = 0; d < ops.count; ++d) {
    const LstmForward& op = *ops.op[d];
    const LstmGates gates(context.precision(), s);
    if (s.mask_count) {
      mask_bits(context, op.shape, at_place<std::uint32_t>(op.gates, gates.bits),
                at_place<float>(op.gates, gates.scale));
    }
    tasks[d] = forward_task<T>(context, op);
    if (lstm_takes_token(s)) {
      lstm_token(context, op, tasks[d], at_place<Bf16>(op.gates, gates.x));
    } else {
      prepare(context, op, tasks[d]);
    }
  }
  if (lstm_takes_token(s)) return;
  if constexpr (std::is_same_v<T, Bf16>) {
    if (lstm_forward_persistent(context, ops, tasks)) return;
  }
  for (int d = 0; d < ops.count; ++d) {
    for (int step = 0; step < tasks[d].time; ++step) lstm_forward_step(context, tasks[d], step);
  }
}

void run(CudaContext& context, const Directions<LstmForward>& ops) {
  context.precision() == Precision::bf16 ? run<Bf16>(context, ops) : run<float>(context, ops);
}

}  // namespace

std::int64_t lstm_gates_size(const CudaContext& context, const LstmShape& shape) {
  return LstmGates(context.precision(), shape).floats;
}

std::int64_t lstm_workspace_size(const CudaContext& context, const LstmShape& shape) {
  return LstmWorkspace(context.facts(), context.precision(), shape).floats;
}

void lstm_forward(CudaContext& context, const LstmForward& op) {
  run(context, {{&op}, 1});
}

void lstm_forward_both(CudaContext& context, const LstmForward& forward, const LstmForward& reverse) {
  run(context, {{&forward, &reverse}, 2});
}

}  // namespace rondo::cuda
