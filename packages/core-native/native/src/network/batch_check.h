#pragma once

// A batch checked against a plan, before anything is computed.

#include <vector>

#include "network/plan.h"
#include "rondo/network.h"

namespace rondo {

enum class BatchNeeds { inputs_only, inputs_and_targets };

/// Borrowed data in the plan's order, and the host rows worked out from weights and lengths. Reused between calls.
struct CheckedBatch {
  const Batch* batch = nullptr;
  std::vector<const NamedData*> inputs;   ///< by the plan's inputs
  std::vector<const NamedData*> targets;  ///< by the plan's heads
  std::vector<float> weights;             ///< [rows] loss weight, 0 in the padding
  std::vector<std::uint8_t> valid_steps;  ///< [T·B], empty without lengths
  std::vector<std::uint8_t> valid_rows;   ///< [B] (some step is valid), empty without lengths
  double weight_sum = 0;

  std::int64_t time() const { return batch->time; }
  std::int64_t size() const { return batch->batch; }
};

/// Throws Error(shape).
void check_batch(const NetworkPlan& plan, const Batch& batch, BatchNeeds needs, CheckedBatch& out);

/// Throws Error(shape) where the batch's own numbers are out of range; products of those that pass stay in 64 bits.
void check_sizes(const Batch& batch);

}  // namespace rondo
