#pragma once

// Sums over the rows of a matrix.

#include "cuda/context.h"

namespace rondo::cuda {

/// out[c] += Σ_r x[r · stride + c], in an order that depends on the sizes alone. Uses the context's scratch.
void column_sums(CudaContext& context, const float* x, std::int64_t rows, std::int64_t columns, std::int64_t stride,
                 float* out);

}  // namespace rondo::cuda
