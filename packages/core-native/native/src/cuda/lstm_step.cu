// Launches of the kernels of one step.

#include "cuda/lstm_step.h"

#include "cuda/lstm_step_kernel.h"

namespace rondo::cuda {
namespace {

template <Arithmetic kArithmetic, bool kForward, class T>
void run(CudaContext& context, const LstmTask<T>& task, int step) {
  const unsigned units = static_cast<unsigned>((task.units + kStepUnits - 1) / kStepUnits);
  const unsigned rows = static_cast<unsigned>((task.batch + kStepRows - 1) / kStepRows);
  const bool aligned = task.operand_stride % 4 == 0 && reinterpret_cast<std::uintptr_t>(task.operand) % 16 == 0;
  launch(context.stream(), Grid{units, rows}, Block{kStepThreads}, StepBlock<kArithmetic, kForward>::kSharedBytes,
         lstm_step_kernel<kArithmetic, kForward>, task, step, aligned);
}

}  // namespace

template <>
void lstm_forward_step(CudaContext& context, const LstmTask<Bf16>& task, int step) {
  run<Arithmetic::bf16, true>(context, task, step);
}

template <>
void lstm_backward_step(CudaContext& context, const LstmTask<Bf16>& task, int step) {
  run<Arithmetic::bf16, false>(context, task, step);
}

template <>
void lstm_forward_step(CudaContext& context, const LstmTask<float>& task, int step) {
  if (context.precision() == Precision::fp32) return run<Arithmetic::fp32, true>(context, task, step);
  run<Arithmetic::tf32, true>(context, task, step);
}

template <>
void lstm_backward_step(CudaContext& context, const LstmTask<float>& task, int step) {
  if (context.precision() == Precision::fp32) return run<Arithmetic::fp32, false>(context, task, step);
  run<Arithmetic::tf32, false>(context, task, step);
}

}  // namespace rondo::cuda
