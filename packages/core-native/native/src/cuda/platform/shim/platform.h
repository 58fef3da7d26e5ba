#pragma once

// What kernel sources are written against, on the host: the same words as on a device, threads as fibers. Slow and
// exact; for tests at tiny sizes.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "cuda/launch_shape.h"
#include "device_words.h"
#include "runtime.h"

namespace rondo::cuda {

template <class T>
T* dynamic_shared() {
  return reinterpret_cast<T*>(shim::current->block->shared);
}

inline std::uint32_t shared_word(const void* shared) {
  return static_cast<std::uint32_t>(static_cast<const unsigned char*>(shared) - shim::current->block->shared);
}

template <class... Parameters>
void allow_shared(void (*)(Parameters...), std::size_t) {}

template <class... Parameters, class... Arguments>
void launch(Stream stream, Grid grid, Block block, std::size_t shared_bytes, void (*kernel)(Parameters...),
            Arguments&&... arguments) {
  shim::check_launch(grid, block, shared_bytes);
  const auto run = [=](Parameters... values) {
    shim::enqueue(stream, [=] { shim::run_launch(grid, block, shared_bytes, 1, [&] { kernel(values...); }); });
  };
  run(static_cast<Parameters>(std::forward<Arguments>(arguments))...);
}

template <class... Parameters, class... Arguments>
void launch_cooperative(Stream stream, Grid grid, Block block, std::size_t shared_bytes, void (*kernel)(Parameters...),
                        Arguments&&... arguments) {
  shim::check_launch(grid, block, shared_bytes);
  shim::check_cooperative(grid, block, shared_bytes);
  const auto run = [=](Parameters... values) {
    shim::enqueue(stream, [=] {
      shim::run_launch(grid, block, shared_bytes, grid.x * grid.y * grid.z, [&] { kernel(values...); });
    });
  };
  run(static_cast<Parameters>(std::forward<Arguments>(arguments))...);
}

template <class... Parameters, class... Arguments>
void launch_cluster(Stream stream, Grid grid, Block block, std::size_t shared_bytes, void (*kernel)(Parameters...),
                    Arguments&&... arguments) {
  shim::check_launch(grid, block, shared_bytes);
  const auto run = [=](Parameters... values) {
    shim::enqueue(stream, [=] { shim::run_launch(grid, block, shared_bytes, grid.x, [&] { kernel(values...); }); });
  };
  run(static_cast<Parameters>(std::forward<Arguments>(arguments))...);
}

template <class... Parameters>
int resident_clusters(void (*)(Parameters...), int threads, std::size_t shared_bytes, int size) {
  const int blocks = shim::resident_blocks(threads, shared_bytes) * shim::facts().multiprocessors;
  return shim::facts().major >= 9 && size <= 16 ? blocks / size : 0;
}

template <class... Parameters>
int resident_blocks(void (*)(Parameters...), int threads, std::size_t shared_bytes) {
  return shim::resident_blocks(threads, shared_bytes);
}

}  // namespace rondo::cuda
