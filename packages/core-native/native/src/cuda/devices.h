#pragma once

// Which devices there are, and which one is used.

#include "cuda/device_facts.h"
#include "rondo/device.h"

namespace rondo::cuda {

/// The lowest compute capability that the kernels are written for: asynchronous copies and bf16 in the tensor cores.
constexpr int kLeastMajor = 8;

DeviceInfo device_info(const DeviceFacts& facts);

/// The first usable device. Throws Error(device) with the reason and the remedy.
DeviceFacts chosen_device();

}  // namespace rondo::cuda
