#pragma once

// Which instruction set the CPU backend uses.

#include <memory>
#include <string>
#include <vector>

#include "rondo/backend.h"

namespace rondo::cpu {

/// Levels that this CPU and this build both have, lowest first.
std::vector<std::string> available_simd();

/// The highest available level, or what RONDO_SIMD asks for. Throws Error(device) for one that is not available.
std::string selected_simd();

DeviceInfo device_info();

/// `threads` 0 = all hardware threads; at most 1024. Throws Error(spec) beyond.
std::unique_ptr<Backend> make_backend(int threads);

}  // namespace rondo::cpu
