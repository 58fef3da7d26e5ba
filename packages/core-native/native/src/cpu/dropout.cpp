// Inverted dropout. Masks come from Philox counters, so that they are the same for any thread and any device.

#include "cpu/cpu_ops.h"
#include "cpu/philox.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// Units 0 … units of one row of a mask.
void fill_row(std::uint64_t seed, const RandomAddress& address, std::uint32_t threshold, float kept, std::int64_t units,
              float* out) {
  constexpr int kUnits = 4 * kPhiloxBlocks;
  for (std::int64_t u = 0; u < units; u += kUnits) {
    const PhiloxWords words = random_blocks(seed, address, static_cast<std::uint32_t>(u / 4));
    // Word w of block i is unit 4 i + w: words in pairs, pairs in turns.
    const Vw low = 0xFFFFFFFFull + Vw{};
    const Vw pairs[2] = {(words.word[0] & low) | words.word[1] << 32, (words.word[2] & low) | words.word[3] << 32};
    std::uint64_t turns[2 * kPhiloxBlocks];
    for (int i = 0; i < kPhiloxBlocks; ++i) {
      turns[2 * i] = pairs[0][i];
      turns[2 * i + 1] = pairs[1][i];
    }
    std::uint32_t unit[kUnits];
    std::memcpy(unit, turns, sizeof(unit));
    const std::int64_t n = smaller<std::int64_t>(kUnits, units - u);
    for (std::int64_t j = 0; j < n; ++j) out[u + j] = unit[j] < threshold ? 0.0f : kept;
  }
}

}  // namespace

void fill_mask(CpuContext& context, const FillMask& op) {
  const std::uint32_t threshold = drop_threshold(op.rate);
  const float kept = static_cast<float>(1.0 / (1.0 - op.rate));
  context.parallel_for(op.times * op.rows, 1, 4 * op.units, [&](Range range) {
    for (std::int64_t i = range.begin; i < range.end; ++i) {
      RandomAddress address = op.base;
      address.time += static_cast<std::uint32_t>(i / op.rows);
      address.row += static_cast<std::uint32_t>(i % op.rows);
      fill_row(op.seed, address, threshold, kept, op.units, op.out + i * op.units);
    }
  });
}

void apply_mask(CpuContext& context, const ApplyMask& op) {
  context.parallel_for(op.rows, 1, op.features, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) {
      const float* mask = op.mask + r % op.mask_rows * op.features;
      const float* x = op.x + r * op.features;
      float* y = op.y + r * op.features;
      for_vectors({0, op.features},
                  [&](std::int64_t i, int n) { store(y + i, load(x + i, n) * load(mask + i, n), n); });
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
