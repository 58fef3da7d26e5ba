#pragma once

// The parameters of a network: one contiguous block with named views, in bundle order
// (inputs, layers, heads). Gradients and optimizer slots use the same offsets in blocks of their own.

#include <cstdint>
#include <string>
#include <vector>

#include "rondo/network_spec.h"
#include "rondo/tensor.h"

namespace rondo {

enum class Initialiser { zeros, ones, glorot_uniform, orthogonal, embedding_uniform, lstm_bias };

struct ParameterInfo {
  std::string name;  ///< "layers.0.kernel", "layers.1.forward.recurrentKernel", "heads.token.bias", …
  Shape shape;
  bool trainable = true;  ///< false: batch norm's moving statistics
  Initialiser initialiser = Initialiser::zeros;
  std::int64_t offset = 0;  ///< first float of this view in the block (a multiple of 16)
  std::int64_t size = 0;    ///< element_count(shape)
};

struct ParameterLayout {
  std::vector<ParameterInfo> entries;
  std::int64_t block_size = 0;  ///< floats, padding included (padding is always 0)
  std::int64_t count = 0;       ///< floats without padding, moving statistics included
  std::int64_t trainable_count = 0;

  /// Index of the entry called `name`, or -1.
  int find(const std::string& name) const;
};

/// The layout of a validated spec. Per layer: lstm kernel (in, 4H), recurrentKernel (H, 4H), bias (4H), gates
/// i, f, c, o; dense kernel (in, out), bias (out); batchNorm gamma, beta, movingMean, movingVariance (F).
ParameterLayout make_layout(const NetworkSpec& spec);

/// Writes the start values of the whole block (`block_size` floats, host memory, owned by the caller).
/// Depends on `seed` and on each entry's index and shape only, not on the threads.
void initialise(const ParameterLayout& layout, std::uint64_t seed, int threads, float* block);

}  // namespace rondo
