#include "fuzz/fuzz.h"

#include <atomic>
#include <thread>

#include "fuzz/fuzz_case.h"

namespace rondo::fuzz {
namespace {

void add(Tally& total, const Tally& part, const std::string& where) {
  total.calls += part.calls;
  total.refused += part.refused;
  if (part.slowest > total.slowest) total.slowest = part.slowest;
  if (total.failure.empty() && !part.failure.empty()) total.failure = where + ": " + part.failure;
}

void run_case(std::int64_t number, Tally& total) {
  Chance chance(static_cast<std::uint64_t>(number));
  const bool wild = number % 4 != 0;
  Tally tally;
  if (const std::unique_ptr<Network> network = try_network(chance, wild, tally)) {
    const std::int64_t calls = chance.whole(1, 6);
    for (std::int64_t i = 0; i < calls; ++i) {
      if (wild && chance.one_in(15)) network->dispose();
      random_call(chance, *network, wild, tally);
    }
  }
  add(total, tally, "case " + std::to_string(number));
}

void run_concurrent_case(std::int64_t number, Tally& total) {
  Chance chance(static_cast<std::uint64_t>(number));
  Tally making;
  std::unique_ptr<Network> network = try_network(chance, false, making);
  add(total, making, "concurrent case " + std::to_string(number));
  if (!network) return;
  std::atomic<int> begun{0};
  Tally tallies[2];
  auto work = [&](int index) {
    Chance own(static_cast<std::uint64_t>(2 * number + index));
    ++begun;
    for (int i = 0; i < 6; ++i) random_call(own, *network, own.one_in(2), tallies[index]);
  };
  std::thread first(work, 0), second(work, 1);
  while (begun < 2) std::this_thread::yield();
  if (chance.one_in(3)) network->dispose();
  first.join();
  second.join();
  for (const Tally& tally : tallies) add(total, tally, "concurrent case " + std::to_string(number));
}

}  // namespace

Tally run_cases(std::int64_t first, std::int64_t count) {
  Tally total;
  for (std::int64_t i = 0; i < count && total.failure.empty(); ++i, ++total.cases) run_case(first + i, total);
  return total;
}

Tally run_concurrent_cases(std::int64_t first, std::int64_t count) {
  Tally total;
  for (std::int64_t i = 0; i < count && total.failure.empty(); ++i, ++total.cases)
    run_concurrent_case(first + i, total);
  return total;
}

}  // namespace rondo::fuzz
