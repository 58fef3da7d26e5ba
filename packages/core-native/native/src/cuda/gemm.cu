// Chooses a product's kernel, splits long sums and adds their parts in order.

#include "cuda/gemm.h"

#include <algorithm>
#include <limits>
#include <string>

#include "cuda/product_kernel.h"
#include "cuda/ways.h"
#include "rondo/error.h"

namespace rondo::cuda {
namespace {

int ceil_div(std::int64_t a, std::int64_t b) {
  return static_cast<int>((a + b - 1) / b);
}

/// c (+)= scale · Σ parts, in their order.
__global__ void add_parts_kernel(const __grid_constant__ ProductTask task) {
  const Product& p = task.p;
  const std::int64_t slice = static_cast<std::int64_t>(p.m) * p.n, count = slice * p.batches;
  const float scale = p.scale ? *p.scale : 1.0f;
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
    float sum = task.partial[i];
    for (int part = 1; part < task.parts; ++part) sum += task.partial[part * count + i];
    const std::int64_t batch = i / slice, m = i % slice / p.n, n = i % p.n;
    sum = sum * scale + (p.bias ? p.bias[n] : 0.0f);
    const std::int64_t at = batch * p.c_batch_step + m * p.c_stride + n;
    if (p.c_is_bf16) {
      static_cast<Bf16*>(p.c)[at] = to_bf16(sum);
    } else {
      float* c = static_cast<float*>(p.c) + at;
      *c = p.add ? *c + sum : sum;
    }
  }
}

int tile_size(const Product& p) {
  return p.arithmetic == Arithmetic::bf16 ? 128 : 64;
}

bool aligned(const Operand& o) {
  return reinterpret_cast<std::uintptr_t>(o.data) % 16 == 0 && o.stride % 4 == 0 && o.batch_step % 4 == 0 &&
         o.block_step % 4 == 0;
}

template <template <bool, bool> class Math>
void run_floats(CudaContext& context, const ProductTask& task) {
  const Product& p = task.p;
  if (p.a.deep && p.b.deep) return launch_product<Math<true, true>, true, true, false>(context, task);
  if (p.a.deep) return launch_product<Math<true, false>, true, false, false>(context, task);
  launch_product<Math<false, false>, false, false, true>(context, task);
}

void run_bf16(CudaContext& context, const ProductTask& task) {
  const Product& p = task.p;
  constexpr int kLeast = 64;  // of every side: below it a tile is mostly padding
  if (std::min({p.m, p.n, p.k}) >= kLeast && takes_warpgroups(context.facts())) {
    return start_by_warpgroups(context, task);
  }
  if (p.a.deep && p.b.deep) return launch_product<Bf16Arithmetic<true, true>, true, true, false>(context, task);
  if (p.a.deep) return launch_product<Bf16Arithmetic<true, false>, true, false, false>(context, task);
  launch_product<Bf16Arithmetic<false, false>, false, false, true>(context, task);
}

void start(CudaContext& context, ProductTask task) {
  const Product& p = task.p;
  if (p.m <= 0 || p.n <= 0) return;
  if (!p.a.deep && p.b.deep) throw Error(ErrorCode::internal, "no kernel multiplies two transposed matrices");
  task.a_aligned = aligned(p.a);
  task.b_aligned = aligned(p.b);
  if (p.arithmetic == Arithmetic::bf16) return run_bf16(context, task);
  if (p.arithmetic == Arithmetic::tf32) return run_floats<Tf32Arithmetic>(context, task);
  run_floats<Fp32Arithmetic>(context, task);
}

}  // namespace

int product_size(std::int64_t size) {
  if (size <= std::numeric_limits<int>::max()) return static_cast<int>(size);
  throw Error(ErrorCode::shape, "batch: expected at most 2147483647 rows times steps on a CUDA device, got " +
                                    std::to_string(size) + "; use a smaller batch");
}

int product_parts(const DeviceFacts& facts, const Product& p) {
  constexpr int kShortest = 256, kMost = 32;  // k of a part; parts
  const std::int64_t size = tile_size(p);
  const std::int64_t tiles = static_cast<std::int64_t>(ceil_div(p.m, size)) * ceil_div(p.n, size) * p.batches;
  const std::int64_t wanted = 2 * facts.multiprocessors / tiles;
  const std::int64_t most = std::min<std::int64_t>(kMost, p.k / kShortest);
  return static_cast<int>(std::max<std::int64_t>(1, std::min(wanted, most)));
}

std::int64_t product_partial_size(const DeviceFacts& facts, const Product& p) {
  const int parts = product_parts(facts, p);
  return parts == 1 ? 0 : static_cast<std::int64_t>(parts) * p.batches * p.m * p.n;
}

void multiply_whole(CudaContext& context, const Product& p) {
  ProductTask task;
  task.p = p;
  task.part_depth = p.k;
  start(context, task);
}

void multiply(CudaContext& context, const Product& p, float* partial) {
  ProductTask task;
  task.p = p;
  task.parts = product_parts(context.facts(), p);
  if (task.parts == 1) return multiply_whole(context, p);
  constexpr int kAlignment = 32;  // of a part's start: whole steps of every arithmetic, whole chunks
  task.part_depth = ceil_div(ceil_div(p.k, task.parts), kAlignment) * kAlignment;
  task.partial = partial;
  start(context, task);
  constexpr unsigned kThreads = 256;
  const std::int64_t count = static_cast<std::int64_t>(p.m) * p.n * p.batches;
  launch(context.stream(), Grid{context.blocks_for(count, kThreads)}, Block{kThreads}, 0, add_parts_kernel, task);
}

void gemm(CudaContext& context, const Gemm& op) {
  Product p;
  p.arithmetic = context.precision() == Precision::fp32 ? Arithmetic::fp32 : Arithmetic::tf32;
  p.m = product_size(op.m);
  p.n = product_size(op.n);
  p.k = product_size(op.k);
  p.a = {op.a, op.lda, 0, 8, !op.trans_a};
  p.b = {op.b, op.ldb, 0, 8, op.trans_b};
  p.c = op.c;
  p.c_stride = op.ldc;
  p.add = op.add;
  p.bias = op.bias;
  const std::int64_t partial = product_partial_size(context.facts(), p);
  multiply(context, p,
           partial ? static_cast<float*>(context.scratch(static_cast<std::size_t>(partial) * sizeof(float))) : nullptr);
}

}  // namespace rondo::cuda
