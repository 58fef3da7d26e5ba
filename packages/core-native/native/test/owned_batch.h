#pragma once

#include <cstdint>
#include <vector>

#include "rondo/network.h"

namespace rondo::test {

/// A batch that owns what its spans show.
struct OwnedBatch {
  std::vector<std::vector<std::int32_t>> ids;
  std::vector<std::vector<float>> values;
  std::vector<float> weights;
  std::vector<std::int32_t> lengths;
  std::vector<std::uint8_t> resets;
  Batch view;

  OwnedBatch() = default;
  OwnedBatch(const OwnedBatch&) = delete;
  OwnedBatch(OwnedBatch&&) = default;  // moving vectors keeps their storage, so the spans stay right
};

}  // namespace rondo::test
