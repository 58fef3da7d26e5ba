#pragma once

#include "fuzz/chance.h"
#include "rondo/network_spec.h"
#include "rondo/optimizer.h"

namespace rondo::fuzz {

/// A small network of any layers; a `wild` one may also be one that cannot be built.
NetworkSpec random_spec(Chance& chance, bool wild);
OptimizerSpec random_optimizer(Chance& chance, bool wild);

}  // namespace rondo::fuzz
