#pragma once

// Conversions that the LSTM's passes begin with.

#include <cstdint>

#include "bfloat16.h"
#include "cuda/context.h"
#include "rondo/ops.h"

namespace rondo::cuda {

/// [rows][columns] floats → [rows][padded], zeros in the padding.
void narrow(CudaContext& context, const float* source, std::int64_t rows, std::int64_t columns, std::int64_t padded,
            Bf16* out);

/// The shape's masks as bits, and the one value that is not 0 in them. See LstmGates.
void mask_bits(CudaContext& context, const LstmShape& s, std::uint32_t* bits, float* scale);

}  // namespace rondo::cuda
