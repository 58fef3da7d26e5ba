#pragma once

// Flags between blocks: fibers of one host thread see one another's stores; what a poll must do is let others run.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

inline void store_release(std::uint32_t* flag, std::uint32_t value) {
  *flag = value;
}

inline std::uint32_t load_acquire(const std::uint32_t* flag) {
  return *flag;
}

inline void add_release(std::uint32_t* flag, std::uint32_t value) {
  *flag += value;
}

inline bool wait_for_flag(const std::uint32_t* flag, std::uint32_t target, std::uint32_t* failure) {
  constexpr unsigned kLimit = 200'000;
  for (unsigned polls = 0; polls < kLimit; ++polls) {
    if (static_cast<std::int32_t>(*flag - target) >= 0) return true;
    if (*failure) return false;
    shim::yield();
  }
  *failure = 1;
  return false;
}

}  // namespace rondo::cuda
