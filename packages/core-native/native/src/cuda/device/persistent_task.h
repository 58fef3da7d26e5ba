#pragma once

// What the persistent kernels are launched with. Both directions of a bidirectional layer go in one launch.

#include <cstdint>

#include "cuda/device/lstm_task.h"

namespace rondo::cuda {

constexpr int kPersistentThreads = 256, kTileRows = 16, kGroupUnits = 32;

/// One direction.
struct PersistentTask {
  LstmTask<Bf16> lstm;
  const std::uint32_t* fragments = nullptr;  ///< of R forward, of Rᵀ backward
  std::uint32_t* flags = nullptr;            ///< [groups][members], zero at the start
  std::uint32_t* failure = nullptr;
  int members = 0;
  int tiles = 0;  ///< of 16 rows, per group
};

/// The grid is [members][groups][directions].
struct PersistentTasks {
  PersistentTask direction[2];
  int directions = 1;
};

}  // namespace rondo::cuda
