#include "fibers.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "context_switch.h"

namespace rondo::cuda::shim {

constinit thread_local Fiber* current = nullptr;
constinit thread_local Index grid_size, block_size;

namespace {

constexpr std::size_t kStackBytes = 96 * 1024;

thread_local void* scheduler_stack_pointer = nullptr;
thread_local const std::function<void()>* launch_body = nullptr;
thread_local std::vector<unsigned char*> free_stacks;

unsigned char* take_stack() {
  if (!free_stacks.empty()) {
    unsigned char* stack = free_stacks.back();
    free_stacks.pop_back();
    return stack;
  }
  void* memory = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) abandon("no memory for the stack of a thread");
  return static_cast<unsigned char*>(memory);
}

void leave(Rendezvous& meeting) {
  --meeting.live;
  if (meeting.live && meeting.arrived == meeting.live) {
    meeting.arrived = 0;
    ++meeting.generation;
  }
}

void fiber_main() {
  (*launch_body)();
  Fiber* self = current;
  for (const auto& group : self->groups) {
    if (!group.empty()) abandon("a thread ended before its asynchronous copies had been waited for");
  }
  if (!self->products.empty()) abandon("a thread ended before its products had been waited for");
  self->done = true;
  leave(self->warp->meeting);
  leave(self->block->meeting);
  leave(*self->block->cluster);
  switch_context(&self->stack_pointer, scheduler_stack_pointer);
  abandon("a finished thread went on");
}

bool can_run(const Fiber& f) {
  return !f.done && (!f.waits_for || f.waits_for->generation != f.waits_since);
}

void resume(Fiber& f) {
  current = &f;
  switch_context(&scheduler_stack_pointer, f.stack_pointer);
  current = nullptr;
}

void prepare_block(BlockState& block, Index index, Block size, std::size_t shared_bytes) {
  const unsigned threads = size.x * size.y * size.z;
  block.index = index;
  block.meeting = {threads, 0, 0};
  block.warps = std::make_unique<Warp[]>((threads + kWarp - 1) / kWarp);
  for (unsigned first = 0; first < threads; first += kWarp) {
    block.warps[first / kWarp].meeting.live = threads - first < kWarp ? threads - first : kWarp;
  }
  constexpr std::size_t kAlignment = 128;
  block.shared_bytes = shared_bytes;
  block.memory = std::make_unique<unsigned char[]>(shared_bytes + kAlignment);
  std::memset(block.memory.get(), 0xff, shared_bytes + kAlignment);  // NaN: nobody may count on what is there
  const std::size_t misfit = reinterpret_cast<std::uintptr_t>(block.memory.get()) % kAlignment;
  block.shared = block.memory.get() + (misfit ? kAlignment - misfit : 0);
}

void prepare_fiber(Fiber& f, BlockState& block, unsigned rank, Block size) {
  f = Fiber{};
  f.stack = take_stack();
  f.stack_pointer = prepare_context(f.stack, kStackBytes, fiber_main);
  f.block = &block;
  f.warp = &block.warps[rank / kWarp];
  f.lane = rank % kWarp;
  f.thread = {rank % size.x, rank / size.x % size.y, rank / size.x / size.y};
}

void run_fibers(std::vector<Fiber>& fibers) {
  for (bool some = true; some;) {
    some = false;
    bool alive = false;
    for (Fiber& f : fibers) {
      if (can_run(f)) {
        some = true;
        resume(f);
      }
      alive = alive || !f.done;
    }
    if (alive && !some) abandon("deadlock: every thread waits for another one");
  }
}

void run_blocks(unsigned first, unsigned count, Grid grid, Block size, std::size_t shared_bytes) {
  const unsigned threads = size.x * size.y * size.z;
  std::vector<BlockState> blocks(count);
  Rendezvous cluster{count * threads, 0, 0};
  std::vector<Fiber> fibers(static_cast<std::size_t>(count) * threads);
  for (unsigned b = 0; b < count; ++b) {
    const unsigned i = first + b;
    prepare_block(blocks[b], {i % grid.x, i / grid.x % grid.y, i / grid.x / grid.y}, size, shared_bytes);
    blocks[b].cluster = &cluster;
    blocks[b].first = blocks.data();
    blocks[b].together = count;
    for (unsigned t = 0; t < threads; ++t) prepare_fiber(fibers[b * threads + t], blocks[b], t, size);
  }
  run_fibers(fibers);
  for (const BlockState& block : blocks) {
    for (const auto& [place, arrivals] : block.arrivals) {
      if (!arrivals.stores.empty()) abandon("a block ended before what was sent to it had come");
    }
  }
  for (Fiber& f : fibers) free_stacks.push_back(f.stack);
}

}  // namespace

void run_launch(Grid grid, Block block, std::size_t shared_bytes, unsigned together,
                const std::function<void()>& body) {
  if (current) abandon("a kernel cannot launch a kernel");
  launch_body = &body;
  grid_size = {grid.x, grid.y, grid.z};
  block_size = {block.x, block.y, block.z};
  const unsigned count = grid.x * grid.y * grid.z;
  for (unsigned b = 0; b < count; b += together) run_blocks(b, together, grid, block, shared_bytes);
}

void meet(Rendezvous& meeting) {
  if (++meeting.arrived == meeting.live) {
    meeting.arrived = 0;
    ++meeting.generation;
    return;
  }
  wait_for_generation(meeting, meeting.generation);
}

void wait_for_generation(const Rendezvous& meeting, std::uint32_t generation) {
  Fiber* self = current;
  self->waits_for = &meeting;
  self->waits_since = generation;
  if (!can_run(*self)) yield();
  self->waits_for = nullptr;
}

void yield() {
  switch_context(&current->stack_pointer, scheduler_stack_pointer);
}

const unsigned char (*exchange(const void* mine, std::size_t bytes))[kSlotBytes] {
  Warp& warp = *current->warp;
  auto& set = warp.slots[warp.meeting.generation & 1];
  std::memcpy(set[current->lane], mine, bytes);
  meet(warp.meeting);
  return set;
}

unsigned char* in_cluster(const void* shared, unsigned rank) {
  const BlockState& mine = *current->block;
  const auto* place = static_cast<const unsigned char*>(shared);
  if (rank >= mine.together) abandon("the cluster has no block of that rank");
  if (place < mine.shared || place >= mine.shared + mine.shared_bytes) abandon("a place outside the shared memory");
  return mine.first[rank].shared + (place - mine.shared);
}

Arrivals& arrivals_at(const void* shared) {
  const auto* place = static_cast<const unsigned char*>(shared);
  const BlockState& mine = *current->block;
  for (unsigned rank = 0; rank < mine.together; ++rank) {
    BlockState& block = mine.first[rank];
    if (place >= block.shared && place < block.shared + block.shared_bytes) return block.arrivals[shared];
  }
  abandon("a barrier outside the cluster's shared memory");
}

void end_phase(Arrivals& arrivals) {
  if (!arrivals.arrived || arrivals.bytes != 0) return;
  for (const Arrivals::Store& store : arrivals.stores) std::memcpy(store.target, store.bytes, sizeof(store.bytes));
  arrivals.stores.clear();
  arrivals.arrived = false;
  ++arrivals.phase;
}

void abandon(const char* message) {
  std::fprintf(stderr, "CUDA shim: %s\n", message);
  if (current) {
    std::fprintf(stderr, "  in block (%u, %u, %u), thread (%u, %u, %u)\n", current->block->index.x,
                 current->block->index.y, current->block->index.z, current->thread.x, current->thread.y,
                 current->thread.z);
  }
  std::abort();
}

}  // namespace rondo::cuda::shim
