#pragma once

// Tensors and their groups from JavaScript.

#include <vector>

#include "napi_config.h"
#include "rondo/network.h"

namespace rondo::bindings {

/// From 'parameters' | 'gradients' | 'optimizerSlots' | 'trainingState'.
TensorGroup tensor_group(const Napi::Value& name);

/// From [{name, shape, data}]; the data are borrowed while no JavaScript runs. Error(shape) when a shape does not fit
/// its data.
std::vector<TensorView> borrow_tensors(const Napi::Array& tensors);

}  // namespace rondo::bindings
