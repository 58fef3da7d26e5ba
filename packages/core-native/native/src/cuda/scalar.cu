// An id as one number, id / vocabulary: the tutorial's input.

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

__global__ void scalar_forward_kernel(IdInput op) {
  const float vocabulary = static_cast<float>(op.vocabulary);
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t r = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x; r < op.rows; r += stride) {
    op.out[r * op.out_stride] = static_cast<float>(op.ids[r]) / vocabulary;
  }
}

}  // namespace

void scalar_forward(CudaContext& context, const IdInput& op) {
  if (op.rows <= 0) return;
  const Block block = columns_block(op.rows);
  launch(context.stream(), Grid{context.blocks_for(op.rows, block.x)}, block, 0, scalar_forward_kernel, op);
}

}  // namespace rondo::cuda
