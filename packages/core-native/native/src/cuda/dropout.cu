// Inverted dropout. Masks come from Philox counters, so that they are the CPU's, bit for bit.

#include "cuda/cuda_ops.h"
#include "cuda/launch_plan.h"

namespace rondo::cuda {
namespace {

/// Columns of the launch are groups of four units: one counter each.
__global__ void fill_mask_kernel(FillMask op, std::uint32_t threshold, float kept) {
  RandomAddress base = op.base;
  if (op.numbers) {
    base.step += op.numbers->step;
    base.row += op.numbers->row_offset;
  }
  const std::int64_t groups = (op.units + 3) / 4, rows = op.times * op.rows;
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = blockIdx.y; i < rows; i += gridDim.y) {
    RandomAddress address = base;
    address.time += static_cast<std::uint32_t>(i / op.rows);
    address.row += static_cast<std::uint32_t>(i % op.rows);
    for (std::int64_t g = first; g < groups; g += stride) {
      const PhiloxCounter words = random_block(op.seed, address, static_cast<std::uint32_t>(g));
      float* out = op.out + i * op.units + 4 * g;
      for (std::int64_t j = 0; j < 4 && 4 * g + j < op.units; ++j) {
        out[j] = words[static_cast<std::size_t>(j)] < threshold ? 0.0f : kept;
      }
    }
  }
}

__global__ void apply_mask_kernel(ApplyMask op) {
  const std::int64_t first = blockIdx.x * static_cast<std::int64_t>(blockDim.x) + threadIdx.x;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t r = blockIdx.y; r < op.rows; r += gridDim.y) {
    const float* mask = op.mask + r % op.mask_rows * op.features;
    for (std::int64_t c = first; c < op.features; c += stride) {
      op.y[r * op.features + c] = op.x[r * op.features + c] * mask[c];
    }
  }
}

}  // namespace

void fill_mask(CudaContext& context, const FillMask& op) {
  const std::int64_t rows = op.times * op.rows, groups = (op.units + 3) / 4;
  if (rows <= 0) return;
  launch(context.stream(), columns_grid(context, rows, groups), columns_block(groups), 0, fill_mask_kernel, op,
         drop_threshold(op.rate), static_cast<float>(1.0 / (1.0 - op.rate)));
}

void apply_mask(CudaContext& context, const ApplyMask& op) {
  if (op.rows <= 0) return;
  launch(context.stream(), columns_grid(context, op.rows, op.features), columns_block(op.features), 0,
         apply_mask_kernel, op);
}

}  // namespace rondo::cuda
