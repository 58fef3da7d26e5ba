#pragma once

// Tensor groups of a network as lists of named places in device memory.

#include <string>
#include <vector>

#include "network/core.h"

namespace rondo {

struct TensorPlace {
  TensorInfo info;
  float* data = nullptr;  ///< device
};

/// The group as it is now, in bundle order. For training_state with `batch` 0: what is kept.
std::vector<TensorPlace> tensor_places(const NetworkCore& core, TensorGroup group);

void read_tensors(NetworkCore& core, TensorGroup group, std::span<float* const> destinations);
void write_tensors(NetworkCore& core, TensorGroup group, std::span<const TensorView> sources);

}  // namespace rondo
