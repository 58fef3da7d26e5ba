// Rows of a trained table; the gradient is a sum per id, rows in ascending order, one thread per column of an id.

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

__global__ void embedding_forward_kernel(IdInput op) {
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t r = blockIdx.y; r < op.rows; r += gridDim.y) {
    const float* row = op.table + op.ids[r] * op.units;
    for (std::int64_t c = first; c < op.units; c += stride) op.out[r * op.out_stride + c] = row[c];
  }
}

/// A block takes one id after another (y) and a slice of the columns (x). It looks through all rows, a row per thread
/// at a time; the warps' votes tell every thread which of them hold the id.
__global__ void embedding_backward_kernel(EmbeddingBackward op) {
  unsigned* votes = dynamic_shared<unsigned>();
  const unsigned warps = blockDim.x / kWarp;
  const std::int64_t column = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  for (std::int64_t id = blockIdx.y; id < op.vocabulary; id += gridDim.y) {
    float sum = 0;
    bool found = false;
    for (std::int64_t base = 0; base < op.rows; base += blockDim.x) {
      const std::int64_t row = base + threadIdx.x;
      const unsigned vote = __ballot_sync(kAllLanes, row < op.rows && op.ids[row] == id);
      __syncthreads();  // everybody has read the votes before these
      if (threadIdx.x % kWarp == 0) votes[threadIdx.x / kWarp] = vote;
      __syncthreads();
      for (unsigned w = 0; w < warps; ++w) {
        for (unsigned left = votes[w]; left; left &= left - 1) {
          const std::int64_t r = base + w * kWarp + static_cast<unsigned>(__ffs(static_cast<int>(left)) - 1);
          found = true;
          if (column < op.units) sum += op.dy[r * op.dy_stride + column];
        }
      }
    }
    if (found && column < op.units) op.d_table[id * op.units + column] += sum;
  }
}

}  // namespace

void embedding_forward(CudaContext& context, const IdInput& op) {
  if (op.rows <= 0) return;
  launch(context.stream(), columns_grid(context, op.rows, op.units), columns_block(op.units), 0,
         embedding_forward_kernel, op);
}

void embedding_backward(CudaContext& context, const EmbeddingBackward& op) {
  if (op.rows <= 0) return;
  const Block block = columns_block(op.units);
  const auto across = static_cast<unsigned>((op.units + block.x - 1) / block.x);
  const Grid grid{across, context.blocks_for(op.vocabulary, 1), 1};
  launch(context.stream(), grid, block, kThreads / kWarp * sizeof(unsigned), embedding_backward_kernel, op);
}

}  // namespace rondo::cuda
