#pragma once

// The CUDA side as the rest of the engine sees it; implemented by no_cuda.cpp or by the CUDA sources.

#include <memory>
#include <string>
#include <vector>

#include "rondo/backend.h"
#include "rondo/device.h"

namespace rondo::cuda {

bool built();
std::vector<std::string> architectures();
/// Empty when there is a usable device.
std::string unavailable_reason();
std::vector<DeviceInfo> devices();
/// Throws Error(device) with unavailable_reason().
std::unique_ptr<Backend> make_backend(Precision precision);

}  // namespace rondo::cuda
