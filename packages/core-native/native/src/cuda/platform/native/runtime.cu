#include "runtime.h"

#include "rondo/error.h"

namespace rondo::cuda {

void check(cudaError_t result, const char* what) {
  if (result == cudaSuccess) return;
  const std::string reason =
      std::string(what) + ": " + cudaGetErrorString(result) + " (" + cudaGetErrorName(result) + ")";
  if (result == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // not sticky: the device goes on working
    throw Error(ErrorCode::memory, "expected room on the CUDA device, but " + reason + "; use a smaller batch");
  }
  throw Error(ErrorCode::device, "the CUDA device failed, " + reason + "; start again, or use device 'cpu'");
}

namespace {

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// Why cudaGetDeviceCount has failed; the runtime calls a missing driver an insufficient one.
std::string why_no_device(cudaError_t result) {
  if (result == cudaSuccess || result == cudaErrorNoDevice) return "no CUDA device was found";
  if (result != cudaErrorInsufficientDriver) return cudaGetErrorString(result);
  int driver = 0, runtime = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) return "no NVIDIA driver is installed";
  cudaRuntimeGetVersion(&runtime);
  return "the NVIDIA driver offers CUDA " + version_text(driver) + " and this build needs " + version_text(runtime) +
         ": install a newer driver";
}

}  // namespace

int device_count(std::string* reason) noexcept {
  int count = 0;
  const cudaError_t result = cudaGetDeviceCount(&count);
  if (result == cudaSuccess && count > 0) return count;
  if (reason) *reason = why_no_device(result);
  cudaGetLastError();
  return 0;
}

DeviceFacts device_facts(int index) {
  cudaDeviceProp raw{};
  check(cudaGetDeviceProperties(&raw, index), "asking for the device's properties");
  DeviceFacts p;
  p.index = index;
  p.name = raw.name;
  p.major = raw.major;
  p.minor = raw.minor;
  p.multiprocessors = raw.multiProcessorCount;
  p.shared_per_block_optin = static_cast<int>(raw.sharedMemPerBlockOptin);
  p.shared_per_multiprocessor = static_cast<int>(raw.sharedMemPerMultiprocessor);
  p.registers_per_multiprocessor = raw.regsPerMultiprocessor;
  p.cooperative = raw.cooperativeLaunch != 0;
  p.memory_bytes = raw.totalGlobalMem;
  p.l2_bytes = static_cast<std::uint64_t>(raw.l2CacheSize);
  check(cudaDriverGetVersion(&p.driver_version), "asking for the driver's version");
  check(cudaRuntimeGetVersion(&p.runtime_version), "asking for the runtime's version");
  return p;
}

void use_device(int index) {
  check(cudaSetDevice(index), "choosing the device");
}

MemoryState memory_state() {
  MemoryState state;
  check(cudaMemGetInfo(&state.free, &state.total), "asking for free memory");
  return state;
}

void* allocate_device(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMalloc(&memory, bytes), "allocating device memory");
  return memory;
}

void free_device(void* memory) noexcept {
  cudaFree(memory);
}

void* allocate_pinned(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMallocHost(&memory, bytes), "allocating pinned memory");
  return memory;
}

void free_pinned(void* memory) noexcept {
  if (memory) cudaFreeHost(memory);
}

void copy_to_device(void* device, const void* host, std::size_t bytes, Stream stream) {
  check(cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, stream), "copying to the device");
}

void copy_to_host(void* host, const void* device, std::size_t bytes, Stream stream) {
  check(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, stream), "copying from the device");
}

void copy_on_device(void* target, const void* source, std::size_t bytes, Stream stream) {
  check(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToDevice, stream), "copying on the device");
}

void fill_bytes(void* device, int value, std::size_t bytes, Stream stream) {
  check(cudaMemsetAsync(device, value, bytes, stream), "filling device memory");
}

Stream make_stream() {
  Stream stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "making a stream");
  return stream;
}

void destroy_stream(Stream stream) noexcept {
  if (stream) cudaStreamDestroy(stream);
}

void synchronize(Stream stream) {
  check(cudaStreamSynchronize(stream), "waiting for the device");
}

Event make_event() {
  Event event = nullptr;
  check(cudaEventCreate(&event), "making an event");
  return event;
}

void destroy_event(Event event) noexcept {
  if (event) cudaEventDestroy(event);
}

void record(Event event, Stream stream) {
  check(cudaEventRecord(event, stream), "recording an event");
}

void wait_for(Stream stream, Event event) {
  check(cudaStreamWaitEvent(stream, event, 0), "waiting for an event");
}

void synchronize(Event event) {
  check(cudaEventSynchronize(event), "waiting for the device");
}

float elapsed_milliseconds(Event from, Event to) {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, from, to), "measuring time");
  return milliseconds;
}

void begin_capture(Stream stream) {
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "starting to capture a graph");
}

Graph end_capture(Stream stream) {
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream, &graph), "capturing a graph");
  Graph ready = nullptr;
  const cudaError_t result = cudaGraphInstantiate(&ready, graph, 0);
  cudaGraphDestroy(graph);
  check(result, "instantiating a graph");
  return ready;
}

void launch_graph(Graph graph, Stream stream) {
  check(cudaGraphLaunch(graph, stream), "launching a graph");
}

void destroy_graph(Graph graph) noexcept {
  if (graph) cudaGraphExecDestroy(graph);
}

}  // namespace rondo::cuda
