#pragma once

// The ops of the CUDA backend, one file each, as in cpu/.

#include "cuda/context.h"
#include "rondo/ops.h"
#include "rondo/optimizer.h"

namespace rondo::cuda {

void copy_columns(CudaContext& context, const CopyColumns& op);
void embedding_forward(CudaContext& context, const IdInput& op);
void embedding_backward(CudaContext& context, const EmbeddingBackward& op);
void scalar_forward(CudaContext& context, const IdInput& op);
void one_hot_forward(CudaContext& context, const IdInput& op);

std::int64_t lstm_packed_size(const CudaContext& context, std::int64_t input, std::int64_t units);
std::int64_t lstm_gates_size(const CudaContext& context, const LstmShape& shape);
std::int64_t lstm_workspace_size(const CudaContext& context, const LstmShape& shape);
void lstm_pack(CudaContext& context, const LstmPack& op);
void lstm_forward(CudaContext& context, const LstmForward& op);
void lstm_backward(CudaContext& context, const LstmBackward& op);
/// Both directions of one layer, their steps side by side where the device has room.
void lstm_forward_both(CudaContext& context, const LstmForward& forward, const LstmForward& reverse);
void lstm_backward_both(CudaContext& context, const LstmBackward& forward, const LstmBackward& reverse);

std::int64_t dense_packed_size(std::int64_t input, std::int64_t output);
void dense_pack(CudaContext& context, const DensePack& op);
void dense_forward(CudaContext& context, const DenseForward& op);
void dense_backward(CudaContext& context, const DenseBackward& op);

void activation_forward(CudaContext& context, const ActivationForward& op);
void activation_backward(CudaContext& context, const ActivationBackward& op);
void batch_norm_forward(CudaContext& context, const BatchNormForward& op);
void batch_norm_backward(CudaContext& context, const BatchNormBackward& op);
void fill_mask(CudaContext& context, const FillMask& op);
void apply_mask(CudaContext& context, const ApplyMask& op);

void softmax_cross_entropy(CudaContext& context, const SoftmaxCrossEntropy& op);
void mean_squared_error(CudaContext& context, const MeanSquaredError& op);

/// Σ x² into the double at `out` (device).
void sum_of_squares(CudaContext& context, const float* x, std::int64_t count, double* out);
void sum_losses(CudaContext& context, const SumLosses& op);
void judge_gradient(CudaContext& context, const JudgeGradient& op);
void rmsprop(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op);
void adam(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op);
void adamw(CudaContext& context, const OptimizerSpec& spec, const OptimizerUpdate& op);

}  // namespace rondo::cuda
