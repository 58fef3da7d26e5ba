// Philox: the published vectors, and that addresses do not meet.

#include <cmath>
#include <set>

#include "cases/op_cases.h"
#include "framework.h"
#include "rondo/rng.h"
#include "simd_levels.h"

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

TEST("masks: every instruction set draws the words of the generator, unit by unit") {
  const RandomAddress base{RandomUse::dropout, 3, 2, 1, 3, 5, 7};
  constexpr std::int64_t kTimes = 2, kRows = 3;
  for (const std::string& level : simd_levels()) {
    const SimdLevel chosen(level);
    const std::unique_ptr<Backend> backend = make_backend(DeviceChoice::cpu, 2);
    for (const std::int64_t units : {1, 3, 31, 32, 33, 70}) {
      DeviceTensors tensors(*backend);
      float* out = tensors.zeros("mask", kTimes * kRows * units);
      backend->fill_mask({1ull << 40 | 9, base, 0.3, kTimes, kRows, units, out});
      const Vector mask = tensors.read("mask");
      std::size_t wrong = 0, at = 0;
      for (std::int64_t i = 0; i < kTimes * kRows; ++i) {
        RandomAddress address = base;
        address.time += static_cast<std::uint32_t>(i / kRows);
        address.row += static_cast<std::uint32_t>(i % kRows);
        for (std::int64_t u = 0; u < units; ++u, ++at) {
          const PhiloxCounter words = random_block(1ull << 40 | 9, address, static_cast<std::uint32_t>(u / 4));
          const float kept = words[static_cast<std::size_t>(u % 4)] < drop_threshold(0.3) ? 0.0f : 1.0f / 0.7f;
          wrong += std::abs(mask[at] - static_cast<double>(kept)) > 1e-6;
        }
      }
      CHECK_MESSAGE(wrong == 0, level + ", " + std::to_string(units) + " units: " + std::to_string(wrong) + " differ");
    }
  }
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
