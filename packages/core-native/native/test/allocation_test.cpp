// After the first steps, a step of training takes no memory from the system. Counts what operator new and the
// backend's allocator are asked for.

#include <atomic>
#include <cstdlib>
#include <new>

#include "framework.h"
#include "network_cases.h"

namespace {

std::atomic<long> allocations{0};

}  // namespace

void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes > 0 ? bytes : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace rondo::test {

TEST("networks: a training step allocates nothing after the first ones") {
  const NetworkCase c{.name = "steady", .spec = tutorial_spec(24, 16, 20, 0.3), .time = 6, .batch = 30};
  const std::unique_ptr<Network> network = make_network(c, 2);
  const OwnedBatch batch = make_batch(c, 0);
  for (int step = 0; step < 2; ++step) network->train_step(batch.view, {0.01, 1.0});
  const std::uint64_t bytes = network->memory_bytes();
  const long before = allocations.load();
  for (int step = 0; step < 5; ++step) network->train_step(batch.view, {0.01, 1.0});
  const long taken = allocations.load() - before;
  CHECK_MESSAGE(taken == 0, std::to_string(taken) + " allocations in five steps");
  CHECK(network->memory_bytes() == bytes);
  CHECK(before > 0);  // the counter counts
}

TEST("networks: a training step of the tutorial's network holds at most 650 MB") {
  NetworkCase c{.name = "tutorial", .spec = tutorial_spec(512, 256, 300, 0.3), .time = 1, .batch = 128};
  const std::unique_ptr<Network> network = make_network(c, 2);
  network->train_step(make_batch(c, 0).view, {0.01, 0});
  const std::uint64_t one = network->memory_bytes();
  c.time = 2;
  network->train_step(make_batch(c, 0).view, {0.01, 0});
  const std::uint64_t each = network->memory_bytes() - one;  // every further step of time takes as much
  CHECK_MESSAGE(one + 99 * each <= 650'000'000, std::to_string(one + 99 * each) + " bytes");
}

}  // namespace rondo::test
