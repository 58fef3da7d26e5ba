#pragma once

// Launch sizes of the point-wise kernels.

#include <algorithm>

#include "cuda/context.h"

namespace rondo::cuda {

constexpr unsigned kThreads = 256;

/// Threads for one row of `columns`: whole warps, no more than there is work for.
inline Block columns_block(std::int64_t columns) {
  return {static_cast<unsigned>(std::clamp<std::int64_t>((columns + kWarp - 1) / kWarp * kWarp, kWarp, kThreads)), 1,
          1};
}

/// x: blocks side by side over the columns; y: over the rows. Kernels stride on in both.
inline Grid columns_grid(const CudaContext& context, std::int64_t rows, std::int64_t columns) {
  const unsigned across = context.blocks_for(columns, columns_block(columns).x);
  const unsigned down = std::max(1u, context.blocks_for(rows, 1) / across);
  return {across, static_cast<unsigned>(std::min<std::int64_t>(rows, down)), 1};
}

}  // namespace rondo::cuda
