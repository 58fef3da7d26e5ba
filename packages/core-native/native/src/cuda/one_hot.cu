#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

__global__ void one_hot_forward_kernel(IdInput op) {
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t r = blockIdx.y; r < op.rows; r += gridDim.y) {
    for (std::int64_t c = first; c < op.vocabulary; c += stride) {
      op.out[r * op.out_stride + c] = op.ids[r] == c ? 1.0f : 0.0f;
    }
  }
}

}  // namespace

void one_hot_forward(CudaContext& context, const IdInput& op) {
  if (op.rows <= 0) return;
  launch(context.stream(), columns_grid(context, op.rows, op.vocabulary), columns_block(op.vocabulary), 0,
         one_hot_forward_kernel, op);
}

}  // namespace rondo::cuda
