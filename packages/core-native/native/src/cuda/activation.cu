// Activations and their gradients in terms of their output: equation 14 of docs/lstm.md.

#include <cmath>

#include "cuda/cuda_ops.h"
#include "cuda/device/reduce.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

__device__ float apply(Activation activation, float x) {
  switch (activation) {
    case Activation::relu:
      return x < 0.0f ? 0.0f : x;
    case Activation::tanh:
      return tanhf(x);
    case Activation::sigmoid:
      return 0.5f * tanhf(0.5f * x) + 0.5f;
    default:
      return x;
  }
}

__device__ float through(Activation activation, float y, float dy) {
  switch (activation) {
    case Activation::relu:
      return y > 0.0f ? dy : 0.0f;
    case Activation::tanh:
      return dy * (1.0f - y * y);
    case Activation::sigmoid:
      return dy * y * (1.0f - y);
    default:
      return dy;
  }
}

__global__ void activation_forward_kernel(ActivationForward op) {
  const std::int64_t count = op.rows * op.features, stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x; i < count; i += stride) {
    op.y[i] = apply(op.activation, op.x[i]);
  }
}

__global__ void activation_backward_kernel(ActivationBackward op) {
  const std::int64_t count = op.rows * op.features, stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x; i < count; i += stride) {
    op.dx[i] = through(op.activation, op.y[i], op.dy[i]);
  }
}

/// A block per row.
__global__ void softmax_forward_kernel(ActivationForward op) {
  double* shared = dynamic_shared<double>();
  for (std::int64_t r = blockIdx.x; r < op.rows; r += gridDim.x) {
    const float* x = op.x + r * op.features;
    float* y = op.y + r * op.features;
    float top = x[0];
    for (std::int64_t i = threadIdx.x; i < op.features; i += blockDim.x) top = x[i] > top ? x[i] : top;
    top = block_reduce(top, reinterpret_cast<float*>(shared), [](float a, float b) { return a > b ? a : b; });
    double sum = 0;
    for (std::int64_t i = threadIdx.x; i < op.features; i += blockDim.x) {
      y[i] = expf(x[i] - top);
      sum += static_cast<double>(y[i]);
    }
    const float scale = static_cast<float>(1.0 / block_sum(sum, shared));
    for (std::int64_t i = threadIdx.x; i < op.features; i += blockDim.x) y[i] *= scale;
  }
}

/// dx = y ∘ (dy − Σ y dy), a block per row.
__global__ void softmax_backward_kernel(ActivationBackward op) {
  double* shared = dynamic_shared<double>();
  for (std::int64_t r = blockIdx.x; r < op.rows; r += gridDim.x) {
    const std::int64_t at = r * op.features;
    double dot = 0;
    for (std::int64_t i = threadIdx.x; i < op.features; i += blockDim.x) {
      dot += static_cast<double>(op.y[at + i]) * static_cast<double>(op.dy[at + i]);
    }
    const float mean = static_cast<float>(block_sum(dot, shared));
    for (std::int64_t i = threadIdx.x; i < op.features; i += blockDim.x) {
      op.dx[at + i] = op.y[at + i] * (op.dy[at + i] - mean);
    }
  }
}

constexpr unsigned kRowThreads = 128;

}  // namespace

void activation_forward(CudaContext& context, const ActivationForward& op) {
  if (op.rows <= 0) return;
  if (op.activation == Activation::softmax) {
    return launch(context.stream(), Grid{context.blocks_for(op.rows, 1)}, Block{kRowThreads},
                  kRowThreads * sizeof(double), softmax_forward_kernel, op);
  }
  const Block block = columns_block(op.rows * op.features);
  launch(context.stream(), Grid{context.blocks_for(op.rows * op.features, block.x)}, block, 0,
         activation_forward_kernel, op);
}

void activation_backward(CudaContext& context, const ActivationBackward& op) {
  if (op.rows <= 0) return;
  if (op.activation == Activation::softmax) {
    return launch(context.stream(), Grid{context.blocks_for(op.rows, 1)}, Block{kRowThreads},
                  kRowThreads * sizeof(double), softmax_backward_kernel, op);
  }
  const Block block = columns_block(op.rows * op.features);
  launch(context.stream(), Grid{context.blocks_for(op.rows * op.features, block.x)}, block, 0,
         activation_backward_kernel, op);
}

}  // namespace rondo::cuda
