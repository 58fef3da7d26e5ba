#pragma once

// Device memory, streams, events and graphs over the CUDA runtime. Failures are Error(device) or Error(memory) with
// the runtime's own words; functions marked noexcept swallow them.

#include <cuda_runtime.h>

#include <cstddef>
#include <string>

#include "cuda/device_facts.h"

namespace rondo::cuda {

using Stream = cudaStream_t;
using Event = cudaEvent_t;
using Graph = cudaGraphExec_t;

/// Throws Error(device), or Error(memory) for a failed allocation; `what` says what was being done.
void check(cudaError_t result, const char* what);

/// 0 with the reason, where there is no usable driver or device.
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

// In the order of the stream. Host memory that is not pinned makes the copy wait.
void copy_to_device(void* device, const void* host, std::size_t bytes, Stream stream);
void copy_to_host(void* host, const void* device, std::size_t bytes, Stream stream);
void copy_on_device(void* target, const void* source, std::size_t bytes, Stream stream);
void fill_bytes(void* device, int value, std::size_t bytes, Stream stream);

Stream make_stream();
void destroy_stream(Stream stream) noexcept;
/// Waits, and reports what kernels launched before have done wrong.
void synchronize(Stream stream);

Event make_event();
void destroy_event(Event event) noexcept;
void record(Event event, Stream stream);
void wait_for(Stream stream, Event event);
void synchronize(Event event);
float elapsed_milliseconds(Event from, Event to);

/// Between the two, launches and copies of the stream are written down and not run.
void begin_capture(Stream stream);
Graph end_capture(Stream stream);
void launch_graph(Graph graph, Stream stream);
void destroy_graph(Graph graph) noexcept;

}  // namespace rondo::cuda
