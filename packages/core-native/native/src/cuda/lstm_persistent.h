#pragma once

// All steps of a pass in one launch, with the recurrent weights in registers. See lstm_persistent_kernel.h.

#include "bfloat16.h"
#include "cuda/context.h"
#include "cuda/device/lstm_task.h"
#include "rondo/ops.h"

namespace rondo::cuda {

/// Of RONDO_CUDA_LSTM: fused or graph (one launch per step), persistent (flags between blocks, the default), cluster.
enum class LstmPath { fused, persistent, cluster };
LstmPath lstm_path();

/// False, with nothing done, where the layer does not fit the device, or the path is fused.
bool lstm_forward_persistent(CudaContext& context, const LstmForward& op, const LstmTask<Bf16>& task);
bool lstm_backward_persistent(CudaContext& context, const LstmBackward& op, const LstmTask<Bf16>& task);

}  // namespace rondo::cuda
