#pragma once

// Instruction sets as the environment selects them.

#include <cstdlib>
#include <string>
#include <vector>

#include "rondo/device.h"
#include "rondo/error.h"

namespace rondo::test {

/// RONDO_SIMD for the lifetime of the object.
class SimdLevel {
 public:
  explicit SimdLevel(const std::string& level) { setenv("RONDO_SIMD", level.c_str(), 1); }
  ~SimdLevel() { unsetenv("RONDO_SIMD"); }
  SimdLevel(const SimdLevel&) = delete;
  SimdLevel& operator=(const SimdLevel&) = delete;
};

/// Those that this machine has.
inline std::vector<std::string> simd_levels() {
  std::vector<std::string> levels;
  for (const char* level : {"sse2", "avx2", "avx512", "neon"}) {
    const SimdLevel chosen(level);
    try {
      engine_info();
      levels.emplace_back(level);
    } catch (const Error&) {
    }
  }
  return levels;
}

}  // namespace rondo::test
