#pragma once

// What kernel sources are written against, on a real device: CUDA's own words, launches and shared memory. The shim's
// header of the same name offers the same to a host compiler; the include path picks.

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "cuda/launch_shape.h"
#include "runtime.h"

namespace rondo::cuda {

/// The launch's shared memory (128-byte aligned, not initialised). The only way to shared memory.
template <class T>
__device__ __forceinline__ T* dynamic_shared() {
  extern __shared__ __align__(128) unsigned char rondo_dynamic_shared[];
  return reinterpret_cast<T*>(rondo_dynamic_shared);
}

/// An address in this block's shared memory as instructions take it.
__device__ __forceinline__ std::uint32_t shared_word(const void* shared) {
  return static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
}

/// More than the 48 KB that every kernel may have must be asked for, once per kernel and size.
template <class... Parameters>
void allow_shared(void (*kernel)(Parameters...), std::size_t bytes) {
  if (bytes <= 48 * 1024) return;
  check(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                             static_cast<int>(bytes)),
        "asking for shared memory");
}

/// More than 8 blocks in a cluster must be asked for.
template <class... Parameters>
void allow_large_clusters(void (*kernel)(Parameters...)) {
  check(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
        "asking for large clusters");
}

/// A launch's sizes with clusters of `size` blocks along x. Points into itself: stays where it is.
struct ClusterLaunch {
  ClusterLaunch(Grid grid, Block block, std::size_t shared_bytes, int size, Stream stream) {
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim = {static_cast<unsigned>(size), 1, 1};
    config.gridDim = dim3(grid.x, grid.y, grid.z);
    config.blockDim = dim3(block.x, block.y, block.z);
    config.dynamicSmemBytes = shared_bytes;
    config.stream = stream;
    config.attrs = &attribute;
    config.numAttrs = 1;
  }
  ClusterLaunch(const ClusterLaunch&) = delete;
  ClusterLaunch& operator=(const ClusterLaunch&) = delete;

  cudaLaunchAttribute attribute{};
  cudaLaunchConfig_t config{};
};

template <class... Parameters, class... Arguments>
void launch(Stream stream, Grid grid, Block block, std::size_t shared_bytes, void (*kernel)(Parameters...),
            Arguments&&... arguments) {
  allow_shared(kernel, shared_bytes);
  kernel<<<dim3(grid.x, grid.y, grid.z), dim3(block.x, block.y, block.z), shared_bytes, stream>>>(
      static_cast<Parameters>(std::forward<Arguments>(arguments))...);
  check(cudaGetLastError(), "launching a kernel");
}

/// All blocks are resident at once, or the launch fails.
template <class... Parameters, class... Arguments>
void launch_cooperative(Stream stream, Grid grid, Block block, std::size_t shared_bytes, void (*kernel)(Parameters...),
                        Arguments&&... arguments) {
  allow_shared(kernel, shared_bytes);
  auto run = [&](Parameters... values) {
    void* pointers[] = {static_cast<void*>(&values)...};
    check(cudaLaunchCooperativeKernel(reinterpret_cast<const void*>(kernel), dim3(grid.x, grid.y, grid.z),
                                      dim3(block.x, block.y, block.z), pointers, shared_bytes, stream),
          "launching a cooperative kernel");
  };
  run(static_cast<Parameters>(std::forward<Arguments>(arguments))...);
}

/// The launch's blocks of one row (grid.x of them) are a cluster: the device runs them side by side.
template <class... Parameters, class... Arguments>
void launch_cluster(Stream stream, Grid grid, Block block, std::size_t shared_bytes, void (*kernel)(Parameters...),
                    Arguments&&... arguments) {
  allow_shared(kernel, shared_bytes);
  allow_large_clusters(kernel);
  ClusterLaunch launch(grid, block, shared_bytes, static_cast<int>(grid.x), stream);
  auto run = [&](Parameters... values) {
    void* pointers[] = {static_cast<void*>(&values)...};
    check(cudaLaunchKernelExC(&launch.config, reinterpret_cast<const void*>(kernel), pointers),
          "launching a kernel in clusters");
  };
  run(static_cast<Parameters>(std::forward<Arguments>(arguments))...);
}

/// Clusters of `size` blocks of this kernel that the device holds at once; 0 when it cannot hold any.
template <class... Parameters>
int resident_clusters(void (*kernel)(Parameters...), int threads, std::size_t shared_bytes, int size) {
  int device = 0, major = 0, limit = 0, clusters = 0;
  check(cudaGetDevice(&device), "asking for the device");
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "asking for the device");
  check(cudaDeviceGetAttribute(&limit, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "asking for shared memory");
  if (major < 9 || size > 16 || shared_bytes > static_cast<std::size_t>(limit)) return 0;
  allow_shared(kernel, shared_bytes);
  allow_large_clusters(kernel);
  ClusterLaunch launch(Grid{static_cast<unsigned>(size)}, Block{static_cast<unsigned>(threads)}, shared_bytes, size,
                       {});
  if (cudaOccupancyMaxActiveClusters(&clusters, reinterpret_cast<const void*>(kernel), &launch.config) == cudaSuccess) {
    return clusters;
  }
  cudaGetLastError();  // a size that this device does not know
  return 0;
}

/// Blocks of this kernel that one multiprocessor holds at once; 0 when it cannot hold any.
template <class... Parameters>
int resident_blocks(void (*kernel)(Parameters...), int threads, std::size_t shared_bytes) {
  int device = 0, limit = 0, blocks = 0;
  check(cudaGetDevice(&device), "asking for the device");
  check(cudaDeviceGetAttribute(&limit, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "asking for shared memory");
  if (shared_bytes > static_cast<std::size_t>(limit)) return 0;
  allow_shared(kernel, shared_bytes);
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, reinterpret_cast<const void*>(kernel), threads,
                                                      shared_bytes),
        "asking for the occupancy");
  return blocks;
}

}  // namespace rondo::cuda
