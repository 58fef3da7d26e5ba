#pragma once

// Asynchronous copies land when they are waited for, not before: a kernel that forgets to wait reads NaN here.

#include "platform.h"

namespace rondo::cuda {
namespace shim {

inline void begin_copy(void* shared, const void* global, std::size_t bytes, bool valid) {
  if (reinterpret_cast<std::uintptr_t>(shared) % bytes) abandon("an asynchronous copy's target is not aligned");
  if (valid && reinterpret_cast<std::uintptr_t>(global) % bytes)
    abandon("an asynchronous copy's source is not aligned");
  auto& groups = current->groups;
  if (groups.empty()) groups.emplace_back();
  groups.back().push_back({shared, valid ? global : nullptr, bytes});
}

inline void finish_copies(std::size_t pending) {
  auto& groups = current->groups;
  while (groups.size() > pending + 1) {  // the last one is open
    if (!groups.front().empty()) current->hidden_stores = true;
    for (const PendingCopy& copy : groups.front()) {
      if (copy.source) {
        std::memcpy(copy.target, copy.source, copy.bytes);
      } else {
        std::memset(copy.target, 0, copy.bytes);
      }
    }
    groups.erase(groups.begin());
  }
}

}  // namespace shim

inline void copy_16(void* shared, const void* global, bool valid) {
  shim::begin_copy(shared, global, 16, valid);
}

inline void copy_4(void* shared, const void* global, bool valid) {
  shim::begin_copy(shared, global, 4, valid);
}

inline void commit_copies() {
  auto& groups = shim::current->groups;
  if (groups.empty()) groups.emplace_back();
  groups.emplace_back();
}

template <int kPending>
void wait_copies() {
  shim::finish_copies(kPending);
}

}  // namespace rondo::cuda
