// The sizes that NetworkCore allocates, from the same plan and the same layout of buffers.

#include "rondo/forecast.h"

#include <algorithm>

#include "network/core.h"

namespace rondo {

MemoryForecast forecast_memory(const NetworkSpec& spec, const NetworkOptions& options, std::int64_t batch,
                               std::int64_t time) {
  constexpr std::int64_t kMost = std::int64_t{1} << 32;  // more than any machine holds; products below stay in 64 bits
  if (batch < 1 || time < 1 || batch > kMost / time) {
    throw Error(ErrorCode::shape, "forecast: expected batch and time of 1 or more and at most 2^32 tokens, got " +
                                      std::to_string(batch) + " × " + std::to_string(time));
  }
  validate(spec);
  validate(options.optimizer);
  const std::unique_ptr<Backend> backend = make_backend(options.device, options.threads, options.precision);
  const NetworkPlan plan = make_plan(spec, *backend);
  const std::uint64_t block = sizeof(float) * static_cast<std::uint64_t>(plan.layout.block_size);
  MemoryForecast forecast;
  forecast.device = backend->device();
  forecast.parameters = forecast.gradients = block;
  forecast.optimizer_slots = block * slot_names(options.optimizer).size();
  forecast.packed_weights = sizeof(float) * static_cast<std::uint64_t>(plan.packed_size);
  forecast.work = std::max(Buffers::bytes_for(plan, *backend, {time, batch, true}),
                           Buffers::bytes_for(plan, *backend, {time, batch, false}));
  forecast.state = 2 * sizeof(float) * static_cast<std::uint64_t>(CarriedState::size(plan, batch));
  forecast.scratch = backend->scratch_bytes();
  return forecast;
}

}  // namespace rondo
