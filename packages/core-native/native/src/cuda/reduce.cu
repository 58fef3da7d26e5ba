// Rows are cut into chunks whose borders depend on their number alone; a block sums one chunk of kColumns columns, and
// a second pass adds the chunks in order.

#include "cuda/reduce.h"

#include <algorithm>

#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kColumns = 32, kLanes = 8;
constexpr std::int64_t kMaxChunks = 64, kLeastRows = 128;

__global__ void chunk_sums_kernel(const float* x, std::int64_t rows, std::int64_t columns, std::int64_t stride,
                                  std::int64_t chunk, float* sums) {
  float* shared = dynamic_shared<float>();
  const unsigned lane = threadIdx.x / kColumns, local = threadIdx.x % kColumns;
  const std::int64_t column = static_cast<std::int64_t>(blockIdx.x) * kColumns + local;
  const std::int64_t begin = blockIdx.y * chunk, end = min(rows, begin + chunk);
  float sum = 0;
  if (column < columns) {
    for (std::int64_t r = begin + lane; r < end; r += kLanes) sum += x[r * stride + column];
  }
  shared[threadIdx.x] = sum;
  __syncthreads();
  if (lane > 0 || column >= columns) return;
  for (unsigned i = 1; i < kLanes; ++i) sum += shared[i * kColumns + local];
  sums[blockIdx.y * columns + column] = sum;
}

__global__ void add_chunks_kernel(const float* sums, std::int64_t chunks, std::int64_t columns, float* out) {
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t c = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x; c < columns; c += stride) {
    float sum = 0;
    for (std::int64_t i = 0; i < chunks; ++i) sum += sums[i * columns + c];
    out[c] += sum;
  }
}

}  // namespace

void column_sums(CudaContext& context, const float* x, std::int64_t rows, std::int64_t columns, std::int64_t stride,
                 float* out) {
  if (rows <= 0 || columns <= 0) return;
  const std::int64_t chunk = std::max(kLeastRows, (rows + kMaxChunks - 1) / kMaxChunks);
  const std::int64_t chunks = (rows + chunk - 1) / chunk;
  auto* sums = static_cast<float*>(context.scratch(sizeof(float) * static_cast<std::size_t>(chunks * columns)));
  const Grid grid{static_cast<unsigned>((columns + kColumns - 1) / kColumns), static_cast<unsigned>(chunks), 1};
  launch(context.stream(), grid, Block{kColumns * kLanes}, sizeof(float) * kColumns * kLanes, chunk_sums_kernel, x,
         rows, columns, stride, chunk, sums);
  const Block block = columns_block(columns);
  launch(context.stream(), Grid{context.blocks_for(columns, block.x)}, block, 0, add_chunks_kernel, sums, chunks,
         columns, out);
}

}  // namespace rondo::cuda
