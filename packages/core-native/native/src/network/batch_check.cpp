#include "network/batch_check.h"

#include <cmath>

#include "rondo/error.h"
#include "rondo/rng.h"

namespace rondo {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::shape, message);
}

void check_count(const std::string& what, std::size_t received, std::int64_t expected, const std::string& shape) {
  if (received == static_cast<std::size_t>(expected)) return;
  refuse(what + ": expected " + std::to_string(expected) + " values " + shape + ", got " + std::to_string(received));
}

void check_ids(const std::string& what, std::span<const std::int32_t> ids, std::int64_t vocabulary) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= 0 && ids[i] < vocabulary) continue;
    refuse(what + ": expected ids in 0 … " + std::to_string(vocabulary - 1) + ", got " + std::to_string(ids[i]) +
           " at index " + std::to_string(i));
  }
}

const NamedData& find(const std::vector<NamedData>& data, const std::string& name, const std::string& kind) {
  const NamedData* found = nullptr;
  for (const NamedData& entry : data) {
    if (entry.name != name) continue;
    if (found) refuse(kind + " '" + name + "': expected it once, got it twice");
    found = &entry;
  }
  if (!found) refuse(kind + " '" + name + "': expected data for it, got none");
  return *found;
}

void check_inputs(const NetworkPlan& plan, const Batch& batch, CheckedBatch& out) {
  if (batch.inputs.size() != plan.inputs.size()) {
    refuse("inputs: expected " + std::to_string(plan.inputs.size()) + ", got " + std::to_string(batch.inputs.size()));
  }
  const std::int64_t steps = batch.time * batch.batch;
  out.inputs.clear();
  for (const InputPlan& input : plan.inputs) {
    const NamedData& data = find(batch.inputs, input.spec.name, "input");
    const std::string what = "input '" + input.spec.name + "'";
    if (input.spec.takes_ids()) {
      check_count(what, data.ids.size(), steps, "[time][batch]");
      check_ids(what, data.ids, input.spec.vocabulary);
    } else {
      check_count(what, data.values.size(), steps * input.spec.units, "[time][batch][units]");
    }
    out.inputs.push_back(&data);
  }
}

void check_targets(const NetworkPlan& plan, const Batch& batch, std::int64_t rows, CheckedBatch& out) {
  const std::string shape = plan.returns_sequences ? "[time][batch]" : "[batch]";
  if (batch.targets.size() != plan.heads.size()) {
    refuse("targets: expected one per head (" + std::to_string(plan.heads.size()) + "), got " +
           std::to_string(batch.targets.size()));
  }
  out.targets.clear();
  for (const HeadPlan& head : plan.heads) {
    const NamedData& data = find(batch.targets, head.spec.name, "target");
    const std::string what = "target '" + head.spec.name + "'";
    if (head.spec.kind == HeadKind::softmax) {
      check_count(what, data.ids.size(), rows, shape);
      check_ids(what, data.ids, head.spec.vocabulary);
    } else {
      check_count(what, data.values.size(), rows * head.spec.units, shape + "[units]");
    }
    out.targets.push_back(&data);
  }
}

void check_borders(const Batch& batch, CheckedBatch& out) {
  if (!batch.resets.empty()) check_count("resets", batch.resets.size(), batch.time * batch.batch, "[time][batch]");
  out.valid_steps.clear();
  out.valid_rows.clear();
  if (batch.lengths.empty()) return;
  check_count("lengths", batch.lengths.size(), batch.batch, "[batch]");
  for (const std::int32_t length : batch.lengths) {
    if (length < 0 || length > batch.time) {
      refuse("lengths: expected 0 … " + std::to_string(batch.time) + ", got " + std::to_string(length));
    }
    out.valid_rows.push_back(length > 0);
  }
  for (std::int64_t t = 0; t < batch.time; ++t) {
    for (const std::int32_t length : batch.lengths) out.valid_steps.push_back(t < length);
  }
}

void work_out_weights(const NetworkPlan& plan, const Batch& batch, std::int64_t rows, CheckedBatch& out) {
  if (!batch.weights.empty()) {
    check_count("weights", batch.weights.size(), rows, plan.returns_sequences ? "[time][batch]" : "[batch]");
  }
  const std::vector<std::uint8_t>& valid = plan.returns_sequences ? out.valid_steps : out.valid_rows;
  out.weights.resize(static_cast<std::size_t>(rows));
  out.weight_sum = 0;
  for (std::size_t r = 0; r < out.weights.size(); ++r) {
    const float weight = batch.weights.empty() ? 1.0f : batch.weights[r];
    if (!(weight >= 0.0f) || !std::isfinite(weight)) {
      refuse("weights: expected finite values of 0 or more, got " + std::to_string(weight) + " at index " +
             std::to_string(r));
    }
    out.weights[r] = valid.empty() || valid[r] ? weight : 0.0f;
    out.weight_sum += static_cast<double>(out.weights[r]);
  }
}

}  // namespace

void check_sizes(const Batch& batch) {
  if (batch.batch < 1 || batch.batch > (1 << 24))
    refuse("batch: expected 1 or more, got " + std::to_string(batch.batch));
  if (batch.time < 1 || batch.time >= kMaxRandomTime) {
    refuse("time: expected 1 … 1048575, got " + std::to_string(batch.time));
  }
  if (batch.row_offset < 0 || batch.row_offset > INT64_C(0xFFFFFFFF) - batch.batch) {
    refuse("rowOffset: expected 0 … 2^32 − batch, got " + std::to_string(batch.row_offset));
  }
}

void check_batch(const NetworkPlan& plan, const Batch& batch, BatchNeeds needs, CheckedBatch& out) {
  check_sizes(batch);
  const std::int64_t rows = plan.rows(batch.time, batch.batch);
  out.batch = &batch;
  check_inputs(plan, batch, out);
  check_borders(batch, out);
  if (needs == BatchNeeds::inputs_only) return;
  check_targets(plan, batch, rows, out);
  work_out_weights(plan, batch, rows, out);
}

}  // namespace rondo
