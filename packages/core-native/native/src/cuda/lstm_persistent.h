#pragma once

// All steps of a pass in one launch, with the recurrent weights in registers; both directions of a layer together. See
// lstm_persistent_kernel.h, lstm_distributed_forward.h and lstm_distributed_backward.h.

#include "cuda/context.h"
#include "cuda/device/lstm_task.h"
#include "rondo/ops.h"

namespace rondo::cuda {

/// One op, or the ops of both directions: same sizes, nothing in common that is written but the workspace.
template <class Op>
struct Directions {
  const Op* op[2] = {};
  int count = 0;
};

/// False, with nothing done, where the layer does not fit the device, or the path is fused. `tasks`: one per op.
bool lstm_forward_persistent(CudaContext& context, const Directions<LstmForward>& ops, const LstmTask<Bf16>* tasks);
bool lstm_backward_persistent(CudaContext& context, const Directions<LstmBackward>& ops, const LstmTask<Bf16>* tasks);

}  // namespace rondo::cuda
