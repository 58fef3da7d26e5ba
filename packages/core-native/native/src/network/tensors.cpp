#include "network/tensors.h"

#include <algorithm>

namespace rondo {
namespace {

std::string state_name(const NetworkPlan& plan, std::size_t state, const char* which) {
  return "layers." + std::to_string(plan.lstm_layers[state]) + "." + which;
}

std::int64_t state_units(const NetworkPlan& plan, std::size_t state) {
  return plan.layers[static_cast<std::size_t>(plan.lstm_layers[state])].spec.units;
}

std::vector<TensorPlace> state_places(const NetworkCore& core, std::int64_t batch) {
  std::vector<TensorPlace> places;
  for (std::size_t i = 0; batch > 0 && i < core.plan.lstm_layers.size(); ++i) {
    const Shape shape{batch, state_units(core.plan, i)};
    const int state = static_cast<int>(i);
    const bool kept = core.training_state.batch() == batch;
    places.push_back(
        {{state_name(core.plan, i, "h"), shape}, kept ? core.training_state.h(core.plan, state) : nullptr});
    places.push_back(
        {{state_name(core.plan, i, "c"), shape}, kept ? core.training_state.c(core.plan, state) : nullptr});
  }
  return places;
}

void add_block(const NetworkPlan& plan, const std::string& prefix, float* block, bool trainable_only,
               std::vector<TensorPlace>& places) {
  for (const ParameterInfo& entry : plan.layout.entries) {
    if (trainable_only && !entry.trainable) continue;
    places.push_back({{prefix + entry.name, entry.shape}, block + entry.offset});
  }
}

std::size_t bytes_of(const Shape& shape) {
  return sizeof(float) * static_cast<std::size_t>(element_count(shape));
}

/// sources[i] belongs to the place of the same name; throws Error(shape).
std::vector<const TensorView*> match(const std::vector<TensorPlace>& places, std::span<const TensorView> sources) {
  std::vector<const TensorView*> matched;
  for (const TensorPlace& place : places) {
    const auto found = std::find_if(sources.begin(), sources.end(),
                                    [&](const TensorView& view) { return view.name == place.info.name; });
    if (found == sources.end()) {
      throw Error(ErrorCode::shape, "tensor '" + place.info.name + "': expected it, but it is missing");
    }
    if (found->shape != place.info.shape) {
      throw Error(ErrorCode::shape, "tensor '" + place.info.name + "': expected shape " + to_string(place.info.shape) +
                                        ", got " + to_string(found->shape));
    }
    matched.push_back(&*found);
  }
  if (sources.size() == places.size()) return matched;
  for (const TensorView& view : sources) {
    const bool known = std::any_of(places.begin(), places.end(),
                                   [&](const TensorPlace& place) { return place.info.name == view.name; });
    if (!known) throw Error(ErrorCode::shape, "tensor '" + view.name + "': expected no tensor of this name");
  }
  throw Error(ErrorCode::shape, "tensors: expected each name once, got " + std::to_string(sources.size()) + " for " +
                                    std::to_string(places.size()));
}

void write_state(NetworkCore& core, std::span<const TensorView> sources) {
  if (sources.empty()) return core.training_state.clear();
  const std::int64_t batch = sources[0].shape.empty() ? 0 : sources[0].shape[0];
  if (batch < 1) throw Error(ErrorCode::shape, "training state: expected shapes (batch, units) with batch ≥ 1");
  const std::vector<const TensorView*> matched = match(state_places(core, batch), sources);
  core.training_state.start(core.plan, *core.backend, batch);
  const std::vector<TensorPlace> places = state_places(core, batch);
  for (std::size_t i = 0; i < places.size(); ++i) {
    core.backend->upload(places[i].data, matched[i]->data, bytes_of(places[i].info.shape));
  }
}

}  // namespace

std::vector<TensorPlace> tensor_places(const NetworkCore& core, TensorGroup group) {
  std::vector<TensorPlace> places;
  switch (group) {
    case TensorGroup::parameters:
      add_block(core.plan, "", core.parameters.floats(), false, places);
      break;
    case TensorGroup::gradients:
      add_block(core.plan, "", core.gradients.floats(), true, places);
      break;
    case TensorGroup::optimizer_slots: {
      float* block = core.slots.floats();
      for (const std::string& slot : slot_names(core.optimizer)) {
        add_block(core.plan, slot + ".", block, true, places);
        block += core.plan.layout.block_size;
      }
      break;
    }
    case TensorGroup::training_state:
      return state_places(core, core.training_state.batch());
  }
  return places;
}

void read_tensors(NetworkCore& core, TensorGroup group, std::span<float* const> destinations) {
  const std::vector<TensorPlace> places = tensor_places(core, group);
  if (destinations.size() != places.size()) {
    throw Error(ErrorCode::shape, "read: expected " + std::to_string(places.size()) + " destinations, got " +
                                      std::to_string(destinations.size()));
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    core.backend->download(destinations[i], places[i].data, bytes_of(places[i].info.shape));
    if (group != TensorGroup::gradients || core.accumulated_weight == 0) continue;
    const std::int64_t count = element_count(places[i].info.shape);
    for (std::int64_t j = 0; j < count; ++j) {
      destinations[i][j] = static_cast<float>(static_cast<double>(destinations[i][j]) / core.accumulated_weight);
    }
  }
}

void write_tensors(NetworkCore& core, TensorGroup group, std::span<const TensorView> sources) {
  if (group == TensorGroup::training_state) return write_state(core, sources);
  const std::vector<TensorPlace> places = tensor_places(core, group);
  const std::vector<const TensorView*> matched = match(places, sources);
  for (std::size_t i = 0; i < places.size(); ++i) {
    core.backend->upload(places[i].data, matched[i]->data, bytes_of(places[i].info.shape));
  }
  if (group == TensorGroup::parameters) core.weights_changed();
  if (group == TensorGroup::gradients) {
    core.accumulated_weight = 1;
    core.accumulated = true;
  }
}

}  // namespace rondo
