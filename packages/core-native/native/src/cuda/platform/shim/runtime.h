#pragma once

// Device memory, streams, events and graphs of the simulated device: host memory, and everything at once, in order.

#include <cstddef>
#include <functional>
#include <string>

#include "cuda/device_facts.h"
#include "cuda/launch_shape.h"

namespace rondo::cuda {

namespace shim {
struct StreamState;
struct EventState;
struct GraphState;

/// The simulated device; tests may change it.
DeviceFacts& facts();
/// Bytes allocated on the device now.
std::size_t allocated_bytes();
/// Runs `work` now, or writes it down where the stream captures a graph.
void enqueue(StreamState* stream, std::function<void()> work);
/// Launches that have been run so far.
std::size_t work_count();
void check_launch(Grid grid, Block block, std::size_t shared_bytes);
void check_cooperative(Grid grid, Block block, std::size_t shared_bytes);
int resident_blocks(int threads, std::size_t shared_bytes);
}  // namespace shim

using Stream = shim::StreamState*;
using Event = shim::EventState*;
using Graph = shim::GraphState*;

int device_count(std::string* reason) noexcept;
DeviceFacts device_facts(int index);
void use_device(int index);
struct MemoryState {
  std::size_t free = 0, total = 0;
};
MemoryState memory_state();

void* allocate_device(std::size_t bytes);
void free_device(void* memory) noexcept;
void* allocate_pinned(std::size_t bytes);
void free_pinned(void* memory) noexcept;

void copy_to_device(void* device, const void* host, std::size_t bytes, Stream stream);
void copy_to_host(void* host, const void* device, std::size_t bytes, Stream stream);
void copy_on_device(void* target, const void* source, std::size_t bytes, Stream stream);
void fill_bytes(void* device, int value, std::size_t bytes, Stream stream);

Stream make_stream();
void destroy_stream(Stream stream) noexcept;
void synchronize(Stream stream);

Event make_event();
void destroy_event(Event event) noexcept;
void record(Event event, Stream stream);
void wait_for(Stream stream, Event event);
void synchronize(Event event);
float elapsed_milliseconds(Event from, Event to);

void begin_capture(Stream stream);
Graph end_capture(Stream stream);
void launch_graph(Graph graph, Stream stream);
void destroy_graph(Graph graph) noexcept;

}  // namespace rondo::cuda
