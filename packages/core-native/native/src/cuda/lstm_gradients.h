#pragma once

// What comes after dz of all steps is known. T: float, or Bf16 in bf16 mode.

#include "cuda/context.h"
#include "rondo/ops.h"

namespace rondo::cuda {

/// dW, dR and db, added to what is there.
template <class T>
void lstm_weight_gradients(CudaContext& context, const LstmBackward& op);

template <class T>
void lstm_input_gradient(CudaContext& context, const LstmBackward& op);

}  // namespace rondo::cuda
