#pragma once

// Sums over a block in an order that depends on its size alone.

#include "platform.h"

namespace rondo::cuda {

/// The combination of every thread's `value`, on all threads. `shared` has a place per thread (a power of two of
/// them); it may be used again at once.
template <class T, class Combine>
__device__ T block_reduce(T value, T* shared, Combine combine) {
  const unsigned thread = threadIdx.x;
  shared[thread] = value;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (thread < half) shared[thread] = combine(shared[thread], shared[thread + half]);
    __syncthreads();
  }
  const T result = shared[0];
  __syncthreads();
  return result;
}

template <class T>
__device__ T block_sum(T value, T* shared) {
  return block_reduce(value, shared, [](T a, T b) { return a + b; });
}

/// A value with the index where it stands; of equal values the lowest index wins.
struct Indexed {
  float value;
  std::int32_t index;
};

/// NaN never wins over a number, so that the choice does not depend on the order.
__device__ inline Indexed larger(Indexed a, Indexed b) {
  if (b.value > a.value || (b.value == a.value && b.index < a.index)) return b;
  return a;
}

}  // namespace rondo::cuda
