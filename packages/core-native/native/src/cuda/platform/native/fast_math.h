#pragma once

// The device's approximations of transcendental functions.

#include "platform.h"

namespace rondo::cuda {

/// Relative error at most 2^-10.987.
__device__ __forceinline__ float quick_tanh(float x) {
  float y;
  asm("tanh.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

}  // namespace rondo::cuda
