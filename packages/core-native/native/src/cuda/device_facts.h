#pragma once

// What the host has to know of a device before it chooses kernels and launch sizes.

#include <cstdint>
#include <string>

namespace rondo::cuda {

struct DeviceFacts {
  int index = 0;
  std::string name;
  int major = 0, minor = 0;  ///< compute capability
  int multiprocessors = 0;
  int shared_per_block_optin = 0;     ///< bytes a block may ask for
  int shared_per_multiprocessor = 0;  ///< bytes
  int registers_per_multiprocessor = 0;
  bool cooperative = false;        ///< launches whose blocks are all resident at once
  std::uint64_t memory_bytes = 0;  ///< installed
  std::uint64_t l2_bytes = 0;
  int driver_version = 0;   ///< 1000·major + 10·minor, of the CUDA that the driver supports
  int runtime_version = 0;  ///< of the linked runtime
};

}  // namespace rondo::cuda
