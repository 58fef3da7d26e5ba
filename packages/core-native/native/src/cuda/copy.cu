// Columns from one matrix to another: concatenation and its gradient.

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

__global__ void copy_columns_kernel(CopyColumns op) {
  if (op.only_if && !*op.only_if) return;
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t r = blockIdx.y; r < op.rows; r += gridDim.y) {
    const float* src = op.src + r * op.src_stride;
    float* dst = op.dst + r * op.dst_stride;
    for (std::int64_t c = first; c < op.columns; c += stride) dst[c] = op.add ? dst[c] + src[c] : src[c];
  }
}

}  // namespace

void copy_columns(CudaContext& context, const CopyColumns& op) {
  if (op.rows <= 0 || op.columns <= 0) return;
  launch(context.stream(), columns_grid(context, op.rows, op.columns), columns_block(op.columns), 0,
         copy_columns_kernel, op);
}

}  // namespace rondo::cuda
