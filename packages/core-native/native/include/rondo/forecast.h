#pragma once

// How much memory a training will take, worked out without allocating it.

#include <cstdint>

#include "rondo/network.h"

namespace rondo {

/// Bytes on the network's device. Together they are what Network::memory_bytes() gives after a training step and an
/// evaluation with carried states.
struct MemoryForecast {
  DeviceInfo device;
  std::uint64_t parameters = 0;
  std::uint64_t gradients = 0;
  std::uint64_t optimizer_slots = 0;
  std::uint64_t packed_weights = 0;
  std::uint64_t work = 0;     ///< everything that one pass over a batch reads and writes
  std::uint64_t state = 0;    ///< carried states of training and of evaluation
  std::uint64_t scratch = 0;  ///< the backend's own

  std::uint64_t total() const {
    return parameters + gradients + optimizer_slots + packed_weights + work + state + scratch;
  }
};

/// For training steps and evaluations of `batch` rows of at most `time` steps. Throws Error(spec | device | shape).
MemoryForecast forecast_memory(const NetworkSpec& spec, const NetworkOptions& options, std::int64_t batch,
                               std::int64_t time);

}  // namespace rondo
