// A little of what rondo_fuzz does at length.

#include "fuzz/fuzz.h"
#include "framework.h"

namespace rondo::test {

TEST("fuzz: any network, batch, tensor and order of calls gives a result or a typed error") {
  const fuzz::Tally tally = fuzz::run_cases(1, 600);
  CHECK_MESSAGE(tally.failure.empty(), tally.failure);
  CHECK(tally.cases == 600 && tally.refused > 100 && tally.calls - tally.refused > 500);
}

TEST("fuzz: so it does when two threads call at once and a third one disposes") {
  const fuzz::Tally tally = fuzz::run_concurrent_cases(1, 40);
  CHECK_MESSAGE(tally.failure.empty(), tally.failure);
  CHECK(tally.calls > 200);
}

}  // namespace rondo::test
