#pragma once

// Instruction sets as the environment selects them.

#include <string>
#include <vector>

#include "environment_variable.h"
#include "framework.h"
#include "rondo/device.h"
#include "rondo/error.h"

namespace rondo::test {

/// RONDO_SIMD for the lifetime of the object.
class SimdLevel : public EnvironmentVariable {
 public:
  explicit SimdLevel(const std::string& level) : EnvironmentVariable("RONDO_SIMD", level) {}
};

/// Those that this machine has: one at least, or tests that go through them would test nothing.
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
  CHECK(!levels.empty());
  return levels;
}

}  // namespace rondo::test
