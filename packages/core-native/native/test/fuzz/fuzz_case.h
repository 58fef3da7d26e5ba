#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fuzz/chance.h"
#include "fuzz/fuzz.h"
#include "rondo/network.h"

namespace rondo::fuzz {

/// Runs one call, counts it, and notes what it threw beside what it may.
void attempt(Tally& tally, const std::string& what, const std::function<void()>& call);

/// A network for a case, or null where its spec is one that is rightly refused (or too large to try).
std::unique_ptr<Network> try_network(Chance& chance, bool wild, Tally& tally);

/// One random call on the network.
void random_call(Chance& chance, Network& network, bool wild, Tally& tally);

/// Opens a stream and steps it, through disposals of its network too.
void stream_calls(Chance& chance, Network& network, bool wild, Tally& tally);

}  // namespace rondo::fuzz
