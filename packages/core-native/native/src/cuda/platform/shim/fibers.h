#pragma once

// The threads of simulated blocks: fibers of one host thread. A fiber runs until it must wait for others of its warp or
// block (a rendezvous) or polls a flag; the scheduler then resumes the next one that can go on.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "cuda/launch_shape.h"

namespace rondo::cuda::shim {

struct Index {
  unsigned x = 0, y = 0, z = 0;
};

/// A meeting of `live` fibers: the last to arrive lets all go on.
struct Rendezvous {
  std::uint32_t live = 0, arrived = 0, generation = 0;
};

constexpr std::size_t kSlotBytes = 64;

/// What the lanes of a warp show one another; two sets, so that a quick lane does not overwrite what a slow one reads.
struct Warp {
  Rendezvous meeting;
  alignas(16) unsigned char slots[2][kWarp][kSlotBytes];
};

struct PendingCopy {
  void* target;
  const void* source;  ///< null: zeros
  std::size_t bytes;
};

/// A barrier that counts bytes from the cluster; see platform/native/cluster.h.
struct Arrivals {
  struct Store {
    unsigned char* target;
    unsigned char bytes[16];
  };
  bool arrived = false;
  std::int64_t bytes = 0;  ///< expected and not yet there; below 0: they came first
  std::uint32_t phase = 0;
  std::vector<Store> stores;  ///< of this phase
};

struct BlockState {
  Index index;
  Rendezvous meeting;
  Rendezvous* cluster = nullptr;  ///< of all blocks that run side by side
  BlockState* first = nullptr;    ///< of them
  unsigned together = 1;
  std::map<const void*, Arrivals> arrivals;
  int vote = 0;  ///< of __syncthreads_or
  std::unique_ptr<Warp[]> warps;
  std::unique_ptr<unsigned char[]> memory;
  unsigned char* shared = nullptr;
  std::size_t shared_bytes = 0;
};

struct Fiber {
  void* stack_pointer = nullptr;
  unsigned char* stack = nullptr;
  BlockState* block = nullptr;
  Warp* warp = nullptr;
  Index thread;
  unsigned lane = 0;
  bool done = false;
  bool cluster_arrived = false;
  std::uint32_t cluster_since = 0;        ///< generation of the cluster's meeting at the arrival
  const Rendezvous* waits_for = nullptr;  ///< with the generation that it has to leave
  std::uint32_t waits_since = 0;
  bool hidden_stores = false;  ///< copies have landed that warpgroups were not shown
  bool products_begun = false;
  std::vector<std::function<void()>> products;   ///< of the warpgroup, to be done when they are waited for
  std::vector<std::vector<PendingCopy>> groups;  ///< asynchronous copies, the last group is open
};

/// The fiber that runs now, and the launch it belongs to.
extern constinit thread_local Fiber* current;
extern constinit thread_local Index grid_size, block_size;

/// Runs `body` once per thread; `together` blocks (neighbours in x first) side by side, then the next ones.
void run_launch(Grid grid, Block block, std::size_t shared_bytes, unsigned together, const std::function<void()>& body);

/// Waits until all live fibers of the meeting are there.
void meet(Rendezvous& meeting);
/// Waits until the meeting has left this generation.
void wait_for_generation(const Rendezvous& meeting, std::uint32_t generation);
/// Lets the others run; for loops that poll.
void yield();
/// Shows `bytes` of `mine` to the warp and waits for all lanes; gives the set in which lane l's bytes stand at [l].
const unsigned char (*exchange(const void* mine, std::size_t bytes))[kSlotBytes];
/// The place of this block's shared memory in that of block `rank` of the cluster.
unsigned char* in_cluster(const void* shared, unsigned rank);
/// The barrier at a place of any block's shared memory.
Arrivals& arrivals_at(const void* shared);
/// Ends the phase when everything is there: then it lands.
void end_phase(Arrivals& arrivals);
/// Ends the program with `message`: a kernel did what no device allows.
[[noreturn]] void abandon(const char* message);

}  // namespace rondo::cuda::shim
