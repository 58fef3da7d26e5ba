#pragma once

// One step of an LSTM layer in one launch: the recurrent product and the cell. For every size and precision; what the
// persistent kernels cannot hold comes here.

#include "cuda/context.h"
#include "cuda/device/lstm_task.h"

namespace rondo::cuda {

/// Step `step` of the loop: gates from z and h of the step before, then h and c.
template <class T>
void lstm_forward_step(CudaContext& context, const LstmTask<T>& task, int step);
/// Step `step`, coming from step + 1 (none before step T − 1): dh through Rᵀ, then dz over the gates, and dc.
template <class T>
void lstm_backward_step(CudaContext& context, const LstmTask<T>& task, int step);

}  // namespace rondo::cuda
