#pragma once

// One unit of one row at one step: memory in, cell, memory out. Shared by the stepwise and the persistent kernels.

#include "cuda/device/cell.h"
#include "cuda/device/lstm_task.h"

namespace rondo::cuda {

/// `sums`: h R of the four gates, not yet scaled. `c_before` as carried.
template <class T>
__device__ __forceinline__ CellState forward_unit(const LstmTask<T>& task, int t, int b, int u, const float (&z)[4],
                                                  const float (&sums)[4], float scale, float c_before, float h_before) {
  constexpr bool kQuick = sizeof(T) == 2;
  float in[4];
#pragma unroll
  for (int g = 0; g < 4; ++g) in[g] = z[g] + fmaf(scale, sums[g], task.bias[g * task.units + u]);
  const CellGates a = activate<kQuick>(in, task.hard);
  T* gates = task.z + (static_cast<std::int64_t>(t) * task.batch + b) * task.columns + gate_column(u, 0);
  write_value(gates, a.i);
  write_value(gates + 8, a.f);
  write_value(gates + 16, a.g);
  write_value(gates + 24, a.o);
  if (task.frozen(t, b)) return {c_before, h_before};
  return advance<kQuick>(a, task.cut(t, b) ? 0.0f : c_before);
}

/// dz of one unit into the place of its gates. dh is the whole of it; gives dc for the step before.
template <class T>
__device__ __forceinline__ float backward_unit(const LstmTask<T>& task, int t, int b, int u, float dh, float dc) {
  constexpr bool kQuick = sizeof(T) == 2;
  T* gates = task.z + (static_cast<std::int64_t>(t) * task.batch + b) * task.columns + gate_column(u, 0);
  CellGradient d{{0, 0, 0, 0}, dc};
  if (!task.frozen(t, b)) {
    const bool cut = task.cut(t, b);
    const CellGates a{read_value(gates), read_value(gates + 8), read_value(gates + 16), read_value(gates + 24)};
    const std::int64_t place = static_cast<std::int64_t>(b) * task.units + u;
    const std::int64_t slot = static_cast<std::int64_t>(task.batch) * task.units;
    const float c_before = cut ? 0.0f : task.states[task.slot_before(t) * slot + place];
    d = differentiate<kQuick>(a, task.states[task.slot_after(t) * slot + place], c_before, dh, dc, task.hard);
    if (cut) d.dc = 0;
  }
#pragma unroll
  for (int g = 0; g < 4; ++g) write_value(gates + 8 * g, d.z[g]);
  return d.dc;
}

}  // namespace rondo::cuda
