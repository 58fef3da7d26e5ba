// Σ g² for clipping by the global norm: equation 21 of docs/lstm.md. Chunks that depend on `count` alone are summed in
// double, each by a block; one block adds the chunks' sums.

#include <algorithm>

#include "cuda/cuda_ops.h"
#include "cuda/device/reduce.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kSumThreads = 256;
constexpr std::int64_t kMaxChunks = 1024, kLeastChunk = 4096;

__global__ void chunk_sums_kernel(const float* x, std::int64_t count, std::int64_t chunk, double* sums) {
  const std::int64_t begin = blockIdx.x * chunk, end = min(count, begin + chunk);
  double part = 0;
  for (std::int64_t i = begin + threadIdx.x; i < end; i += blockDim.x) {
    part += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  }
  const double sum = block_sum(part, dynamic_shared<double>());
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

__global__ void total_kernel(const double* sums, std::int64_t chunks, double* out) {
  double part = 0;
  for (std::int64_t i = threadIdx.x; i < chunks; i += blockDim.x) part += sums[i];
  const double sum = block_sum(part, dynamic_shared<double>());
  if (threadIdx.x == 0) *out = sum;
}

}  // namespace

void sum_of_squares(CudaContext& context, const float* x, std::int64_t count, double* out) {
  const std::int64_t chunk = std::max(kLeastChunk, (count + kMaxChunks - 1) / kMaxChunks);
  const std::int64_t chunks = std::max<std::int64_t>(1, (count + chunk - 1) / chunk);
  auto* sums = static_cast<double*>(context.scratch(sizeof(double) * kMaxChunks));
  launch(context.stream(), Grid{static_cast<unsigned>(chunks)}, Block{kSumThreads}, kSumThreads * sizeof(double),
         chunk_sums_kernel, x, count, chunk, sums);
  launch(context.stream(), Grid{1}, Block{kSumThreads}, kSumThreads * sizeof(double), total_kernel, sums, chunks, out);
}

}  // namespace rondo::cuda
