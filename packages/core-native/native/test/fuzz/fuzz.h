#pragma once

// Random networks, batches, tensors and orders of calls. Every call must give a result or throw rondo::Error with a
// code other than `internal`; the sanitizers see to the rest.

#include <cstdint>
#include <string>

namespace rondo::fuzz {

struct Tally {
  std::int64_t cases = 0, calls = 0, refused = 0;
  double slowest = 0;   ///< seconds of one call
  std::string failure;  ///< what went wrong first, with its case; empty when nothing did
};

/// Runs cases first … first + count − 1. A case depends on its number alone.
Tally run_cases(std::int64_t first, std::int64_t count);

/// Two threads on one network, and a third that disposes of it: `count` times.
Tally run_concurrent_cases(std::int64_t first, std::int64_t count);

}  // namespace rondo::fuzz
