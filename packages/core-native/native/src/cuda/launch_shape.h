#pragma once

// Sizes of a launch, as the host writes them.

namespace rondo::cuda {

/// Blocks of a launch.
struct Grid {
  unsigned x = 1, y = 1, z = 1;
};

/// Threads of a block.
struct Block {
  unsigned x = 1, y = 1, z = 1;
};

constexpr unsigned kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

}  // namespace rondo::cuda
