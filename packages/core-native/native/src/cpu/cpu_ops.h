#pragma once

// The remaining ops of the CPU backend, one file each.

#include "cpu/context.h"
#include "rondo/ops.h"
#include "rondo/optimizer.h"

namespace rondo::cpu::RONDO_ISA {

void copy_columns(CpuContext& context, const CopyColumns& op);
void embedding_forward(CpuContext& context, const IdInput& op);
void embedding_backward(CpuContext& context, const EmbeddingBackward& op);
void scalar_forward(CpuContext& context, const IdInput& op);
void one_hot_forward(CpuContext& context, const IdInput& op);
void dense_pack(CpuContext& context, const DensePack& op);
void dense_forward(CpuContext& context, const DenseForward& op);
void dense_backward(CpuContext& context, const DenseBackward& op);
void activation_forward(CpuContext& context, const ActivationForward& op);
void activation_backward(CpuContext& context, const ActivationBackward& op);
void batch_norm_forward(CpuContext& context, const BatchNormForward& op);
void batch_norm_backward(CpuContext& context, const BatchNormBackward& op);
void fill_mask(CpuContext& context, const FillMask& op);
void apply_mask(CpuContext& context, const ApplyMask& op);
void softmax_cross_entropy(CpuContext& context, const SoftmaxCrossEntropy& op);
void mean_squared_error(CpuContext& context, const MeanSquaredError& op);
double sum_of_squares(CpuContext& context, const float* x, std::int64_t count);
void sum_losses(const SumLosses& op);
void judge_gradient(CpuContext& context, const JudgeGradient& op);
void rmsprop(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op);
void adam(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op);
void adamw(CpuContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op);

/// f(offset, lanes) over 0 … n in vectors.
template <class F>
void for_vectors(Range range, F f) {
  for (std::int64_t i = range.begin; i < range.end; i += kLanes) {
    f(i, static_cast<int>(smaller<std::int64_t>(kLanes, range.end - i)));
  }
}

/// out = e^(x − max x) / Σ over one row; returns max x + log Σ, which −x[k] turns into the nll of k. out may be x.
double softmax_row(const float* x, float* out, std::int64_t n);

}  // namespace rondo::cpu::RONDO_ISA
