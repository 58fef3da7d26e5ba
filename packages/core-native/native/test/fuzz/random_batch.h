#pragma once

#include "fuzz/chance.h"
#include "rondo/network.h"

namespace rondo::fuzz {

/// A batch that owns what its spans show. Not to be copied.
struct FuzzBatch {
  std::vector<std::vector<std::int32_t>> ids;
  std::vector<std::vector<float>> values;
  std::vector<float> weights;
  std::vector<std::int32_t> lengths;
  std::vector<std::uint8_t> resets;
  Batch view;

  FuzzBatch() = default;
  FuzzBatch(const FuzzBatch&) = delete;
  FuzzBatch& operator=(const FuzzBatch&) = delete;
};

/// A batch for the network; a `wild` one may have wrong sizes, names, ids and numbers anywhere.
void fill_batch(Chance& chance, const Network& network, bool wild, FuzzBatch& out);

/// Ids of a vocabulary, some outside of it in a `wild` case.
std::vector<std::int32_t> random_ids(Chance& chance, std::int64_t count, std::int64_t vocabulary, bool wild);

}  // namespace rondo::fuzz
