#include "fuzz/random_batch.h"

#include <algorithm>

namespace rondo::fuzz {
namespace {

/// The right count, or in a wild case now and then another one. Never more than memory is for.
std::size_t count_of(Chance& chance, std::int64_t right, bool wild) {
  if (wild && chance.one_in(12)) right += chance.whole(-3, 3);
  return static_cast<std::size_t>(std::clamp<std::int64_t>(right, 0, 100'000));
}

void add(Chance& chance, const std::string& name, bool ids, std::int64_t rows, std::int64_t width, bool wild,
         test::OwnedBatch& out, std::vector<NamedData>& group) {
  NamedData data;
  data.name = wild && chance.one_in(15) ? "another" : name;
  // Vectors of vectors may move: the storage that the spans show stays.
  if (ids != (wild && chance.one_in(20))) {
    data.ids =
        out.ids.emplace_back(random_ids(chance, static_cast<std::int64_t>(count_of(chance, rows, wild)), width, wild));
  } else {
    data.values = out.values.emplace_back(chance.floats(count_of(chance, rows * width, wild), wild));
  }
  group.push_back(data);
  if (wild && chance.one_in(20)) group.push_back(data);
  if (wild && chance.one_in(20)) group.pop_back();
}

void add_borders(Chance& chance, std::int64_t time, std::int64_t batch, bool wild, test::OwnedBatch& out) {
  if (chance.one_in(2)) {
    out.lengths.resize(count_of(chance, batch, wild));
    for (std::int32_t& length : out.lengths) {
      length = static_cast<std::int32_t>(
          chance.whole(wild && chance.one_in(20) ? -2 : 0, time + (wild && chance.one_in(20))));
    }
    out.view.lengths = out.lengths;
  }
  if (chance.one_in(2)) {
    out.resets.resize(count_of(chance, time * batch, wild));
    for (std::uint8_t& reset : out.resets) reset = static_cast<std::uint8_t>(chance.whole(0, wild ? 255 : 1));
    out.view.resets = out.resets;
  }
}

}  // namespace

std::vector<std::int32_t> random_ids(Chance& chance, std::int64_t count, std::int64_t vocabulary, bool wild) {
  std::vector<std::int32_t> ids(static_cast<std::size_t>(count));
  for (std::int32_t& id : ids) id = static_cast<std::int32_t>(chance.whole(0, vocabulary - 1));
  static const std::vector<std::int32_t> edges{-1, 1 << 30, std::numeric_limits<std::int32_t>::min(), 21};
  if (wild && !ids.empty() && chance.one_in(8)) {
    ids[static_cast<std::size_t>(chance.whole(0, count - 1))] = chance.of(edges);
  }
  return ids;
}

void fill_batch(Chance& chance, const Network& network, bool wild, test::OwnedBatch& out) {
  const std::int64_t time = chance.whole(1, 6), batch = chance.whole(1, 5);
  const std::int64_t rows = network.returns_sequences() ? time * batch : batch;
  const NetworkSpec& spec = network.spec();
  out.ids.reserve(64);
  out.values.reserve(64);
  for (const InputSpec& input : spec.inputs) {
    const bool ids = input.takes_ids();
    add(chance, input.name, ids, time * batch, ids ? input.vocabulary : input.units, wild, out, out.view.inputs);
  }
  for (const HeadSpec& head : spec.heads) {
    add(chance, head.name, head.kind == HeadKind::softmax, rows, head.width(), wild, out, out.view.targets);
  }
  if (chance.one_in(2)) {
    out.weights = chance.floats(count_of(chance, rows, wild), wild);
    if (!wild || !chance.one_in(6)) {
      for (float& weight : out.weights) weight = weight < 0 ? -weight : weight;
    }
    out.view.weights = out.weights;
  }
  add_borders(chance, time, batch, wild, out);
  out.view.carry_state = chance.one_in(2);
  out.view.row_offset = wild && chance.one_in(10) ? chance.size(9, true) : chance.whole(0, 100);
  out.view.time = wild && chance.one_in(15) ? chance.size(9, true) : time;
  out.view.batch = wild && chance.one_in(15) ? chance.size(9, true) : batch;
}

}  // namespace rondo::fuzz
