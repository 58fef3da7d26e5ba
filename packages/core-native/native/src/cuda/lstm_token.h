#pragma once

// One step of a few rows, as streams take it token by token: x W + h R and the cells in one launch that reads every
// weight once, as fast as memory gives it.

#include "cuda/context.h"
#include "cuda/device/lstm_task.h"
#include "rondo/ops.h"

namespace rondo::cuda {

/// Rows that a thread keeps sums for; more go the way of batches.
constexpr int kTokenRows = 8;

/// Whether lstm_token() serves the shape: one step, few rows, no masks.
bool lstm_takes_token(const LstmShape& shape);
/// `narrow_x` (bf16 mode): where x goes for the backward pass; h goes to the task's operand.
template <class T>
void lstm_token(CudaContext& context, const LstmForward& op, const LstmTask<T>& task, Bf16* narrow_x);

}  // namespace rondo::cuda
