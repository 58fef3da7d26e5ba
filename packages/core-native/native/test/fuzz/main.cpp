// rondo_fuzz [cases] [concurrent cases] [first case]: ends with a line of figures, or with the case that failed.

#include <cstdio>
#include <cstdlib>

#include "fuzz/fuzz.h"

namespace {

std::int64_t argument(int argc, char** argv, int index, std::int64_t otherwise) {
  return argc > index ? std::strtoll(argv[index], nullptr, 10) : otherwise;
}

bool report(const char* what, const rondo::fuzz::Tally& tally) {
  std::printf("%s: %lld cases, %lld calls, %lld refused, slowest %.3f s\n", what, static_cast<long long>(tally.cases),
              static_cast<long long>(tally.calls), static_cast<long long>(tally.refused), tally.slowest);
  if (!tally.failure.empty()) std::printf("FAILED %s\n", tally.failure.c_str());
  std::fflush(stdout);
  return tally.failure.empty();
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t first = argument(argc, argv, 3, 1);
  const bool alone = report("one thread", rondo::fuzz::run_cases(first, argument(argc, argv, 1, 20'000)));
  const bool together =
      report("several threads", rondo::fuzz::run_concurrent_cases(first, argument(argc, argv, 2, 500)));
  return alone && together ? 0 : 1;
}
