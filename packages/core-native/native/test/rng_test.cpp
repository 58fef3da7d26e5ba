// Philox: the published vectors, and that addresses do not meet.

#include <set>

#include "framework.h"
#include "rondo/rng.h"

namespace rondo::test {

TEST("philox4x32-10: known answers of the Random123 distribution") {
  CHECK((philox4x32_10({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  CHECK((philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
         PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  CHECK((philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
         PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST("random addresses: every field makes a difference") {
  std::set<PhiloxCounter> seen;
  RandomAddress a;
  seen.insert(random_block(1, a, 0));
  seen.insert(random_block(2, a, 0));
  seen.insert(random_block(1ull << 40, a, 0));
  seen.insert(random_block(1, a, 1));
  std::size_t count = 4;
  auto vary = [&](auto change) {
    RandomAddress b;
    change(b);
    seen.insert(random_block(1, b, 0));
    CHECK(seen.size() == ++count);
  };
  vary([](RandomAddress& b) { b.use = RandomUse::recurrent_dropout; });
  vary([](RandomAddress& b) { b.step = 1; });
  vary([](RandomAddress& b) { b.layer = 1; });
  vary([](RandomAddress& b) { b.direction = 1; });
  vary([](RandomAddress& b) { b.gate = 1; });
  vary([](RandomAddress& b) { b.time = 1; });
  vary([](RandomAddress& b) { b.row = 1; });
}

TEST("drop threshold: the share of dropped units is the rate") {
  int dropped = 0;
  constexpr int kBlocks = 25000;
  for (std::uint32_t i = 0; i < kBlocks; ++i) {
    for (const std::uint32_t word : random_block(7, {}, i)) dropped += word < drop_threshold(0.3);
  }
  const double share = dropped / (4.0 * kBlocks);
  CHECK(share > 0.295 && share < 0.305);  // 0.3 ± 3.4 standard deviations
}

}  // namespace rondo::test
