#pragma once

// All steps of a pass in one launch, with the recurrent weights in registers. See lstm_persistent_kernel.h.

#include "bfloat16.h"
#include "cuda/context.h"
#include "cuda/device/lstm_task.h"
#include "rondo/ops.h"

namespace rondo::cuda {

/// False, with nothing done, where the layer does not fit the device (or RONDO_CUDA_LSTM asks for single steps).
bool lstm_forward_persistent(CudaContext& context, const LstmForward& op, const LstmTask<Bf16>& task);
bool lstm_backward_persistent(CudaContext& context, const LstmBackward& op, const LstmTask<Bf16>& task);

}  // namespace rondo::cuda
