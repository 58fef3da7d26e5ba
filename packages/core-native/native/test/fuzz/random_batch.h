#pragma once

#include "fuzz/chance.h"
#include "owned_batch.h"

namespace rondo::fuzz {

/// A batch for the network; a `wild` one may have wrong sizes, names, ids and numbers anywhere.
void fill_batch(Chance& chance, const Network& network, bool wild, test::OwnedBatch& out);

/// Ids of a vocabulary, some outside of it in a `wild` case.
std::vector<std::int32_t> random_ids(Chance& chance, std::int64_t count, std::int64_t vocabulary, bool wild);

}  // namespace rondo::fuzz
