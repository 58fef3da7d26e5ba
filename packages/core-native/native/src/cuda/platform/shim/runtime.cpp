#include "runtime.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "rondo/error.h"

namespace rondo::cuda {

namespace shim {

struct GraphState {
  std::vector<std::function<void()>> work;
};

struct StreamState {
  GraphState* capturing = nullptr;
};

struct EventState {
  std::chrono::steady_clock::time_point time;
};

namespace {

std::mutex mutex;
std::map<void*, std::size_t> allocations;
std::size_t allocated = 0, done = 0;

[[noreturn]] void refuse(const char* message) {
  throw Error(ErrorCode::device, std::string("CUDA shim: ") + message);
}

}  // namespace

DeviceFacts& facts() {
  static DeviceFacts device = [] {
    DeviceFacts f;
    f.name = "shim";
    f.major = 9;
    f.multiprocessors = 4;
    f.shared_per_block_optin = 227 * 1024;
    f.shared_per_multiprocessor = 228 * 1024;
    f.registers_per_multiprocessor = 65536;
    f.cooperative = true;
    f.memory_bytes = std::uint64_t{1} << 30;
    f.l2_bytes = 50 << 20;
    f.driver_version = f.runtime_version = 13000;
    return f;
  }();
  return device;
}

std::size_t allocated_bytes() {
  return allocated;
}

std::size_t work_count() {
  return done;
}

void enqueue(StreamState* stream, std::function<void()> work) {
  if (stream && stream->capturing) {
    stream->capturing->work.push_back(std::move(work));
    return;
  }
  ++done;
  work();
}

void check_launch(Grid grid, Block block, std::size_t shared_bytes) {
  const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
  if (threads < 1 || threads > 1024) refuse("a block has 1 to 1024 threads");
  if (grid.x < 1 || grid.y < 1 || grid.z < 1) refuse("a launch has one block at least");
  if (grid.y > 65535 || grid.z > 65535) refuse("y and z of a grid end at 65535");
  if (shared_bytes > static_cast<std::size_t>(facts().shared_per_block_optin)) refuse("too much shared memory");
}

int resident_blocks(int threads, std::size_t shared_bytes) {
  const std::size_t per_block = shared_bytes + 1024;  // what the system keeps of each block's
  if (shared_bytes > static_cast<std::size_t>(facts().shared_per_block_optin)) return 0;
  const int by_memory = static_cast<int>(static_cast<std::size_t>(facts().shared_per_multiprocessor) / per_block);
  const int by_threads = 2048 / threads;
  return by_memory < by_threads ? by_memory : by_threads;
}

void check_cooperative(Grid grid, Block block, std::size_t shared_bytes) {
  const int threads = static_cast<int>(block.x * block.y * block.z);
  const std::uint64_t room = static_cast<std::uint64_t>(resident_blocks(threads, shared_bytes)) *
                             static_cast<std::uint64_t>(facts().multiprocessors);
  if (std::uint64_t{grid.x} * grid.y * grid.z > room) refuse("the blocks of a cooperative launch must fit together");
}

}  // namespace shim

int device_count(std::string* reason) noexcept {
  static_cast<void>(reason);
  return 1;
}

DeviceFacts device_facts(int) {
  return shim::facts();
}

void use_device(int) {}

MemoryState memory_state() {
  const std::size_t total = shim::facts().memory_bytes;
  return {total - shim::allocated, total};
}

void* allocate_device(std::size_t bytes) {
  const std::lock_guard guard(shim::mutex);
  if (shim::allocated + bytes > shim::facts().memory_bytes) {
    throw Error(ErrorCode::memory, "expected room on the CUDA device, but it is full; use a smaller batch");
  }
  void* memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  if (!memory) throw Error(ErrorCode::memory, "expected room for the simulated CUDA device");
  std::memset(memory, 0xff, bytes);  // NaN: nobody may count on what is there
  shim::allocations[memory] = bytes;
  shim::allocated += bytes;
  return memory;
}

void free_device(void* memory) noexcept {
  const std::lock_guard guard(shim::mutex);
  const auto entry = shim::allocations.find(memory);
  if (entry == shim::allocations.end()) return;
  shim::allocated -= entry->second;
  shim::allocations.erase(entry);
  std::free(memory);
}

void* allocate_pinned(std::size_t bytes) {
  void* memory = std::malloc(bytes);
  if (!memory) throw Error(ErrorCode::memory, "expected room for pinned memory");
  return memory;
}

void free_pinned(void* memory) noexcept {
  std::free(memory);
}

void copy_to_device(void* device, const void* host, std::size_t bytes, Stream stream) {
  shim::enqueue(stream, [=] { std::memcpy(device, host, bytes); });
}

void copy_to_host(void* host, const void* device, std::size_t bytes, Stream stream) {
  shim::enqueue(stream, [=] { std::memcpy(host, device, bytes); });
}

void copy_on_device(void* target, const void* source, std::size_t bytes, Stream stream) {
  shim::enqueue(stream, [=] { std::memmove(target, source, bytes); });
}

void fill_bytes(void* device, int value, std::size_t bytes, Stream stream) {
  shim::enqueue(stream, [=] { std::memset(device, value, bytes); });
}

Stream make_stream() {
  return new shim::StreamState;
}

void destroy_stream(Stream stream) noexcept {
  delete stream;
}

void synchronize(Stream stream) {
  if (stream && stream->capturing) shim::refuse("a stream that captures cannot be waited for");
}

Event make_event() {
  return new shim::EventState;
}

void destroy_event(Event event) noexcept {
  delete event;
}

void record(Event event, Stream stream) {
  shim::enqueue(stream, [=] { event->time = std::chrono::steady_clock::now(); });
}

void wait_for(Stream, Event) {}

void synchronize(Event) {}

float elapsed_milliseconds(Event from, Event to) {
  return std::chrono::duration<float, std::milli>(to->time - from->time).count();
}

void begin_capture(Stream stream) {
  if (stream->capturing) shim::refuse("the stream captures already");
  stream->capturing = new shim::GraphState;
}

Graph end_capture(Stream stream) {
  if (!stream->capturing) shim::refuse("the stream does not capture");
  return std::exchange(stream->capturing, nullptr);
}

void launch_graph(Graph graph, Stream stream) {
  if (stream->capturing) shim::refuse("a graph inside a graph is not simulated");
  for (const auto& work : graph->work) {
    ++shim::done;
    work();
  }
}

void destroy_graph(Graph graph) noexcept {
  delete graph;
}

}  // namespace rondo::cuda
