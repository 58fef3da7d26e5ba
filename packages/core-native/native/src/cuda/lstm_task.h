#pragma once

// From an op's arguments to what the kernels take.

#include "cuda/device/lstm_task.h"
#include "cuda/lstm_layout.h"

namespace rondo::cuda {

template <class T>
LstmTask<T> lstm_task(const CudaContext& context, const LstmShape& s, const float* packed, float* gates) {
  const LstmGates places(context.precision(), s);
  LstmTask<T> task;
  task.time = static_cast<int>(s.time);
  task.batch = static_cast<int>(s.batch);
  task.units = static_cast<int>(s.units);
  task.reverse = s.reverse;
  task.hard = s.gate_activation == GateActivation::hard_sigmoid;
  task.mask_count = s.mask_count;
  task.columns = static_cast<int>(lstm_columns(s.units));
  task.bit_words = static_cast<int>(LstmGates::bit_words(s));
  task.bits = at_place<std::uint32_t>(gates, places.bits);
  task.scale = at_place<float>(gates, places.scale);
  task.lengths = s.lengths;
  task.resets = s.resets;
  task.r = at_place<T>(packed, LstmPacked(context.precision(), s.input, s.units).r);
  task.z = at_place<T>(gates, places.z);
  return task;
}

}  // namespace rondo::cuda
