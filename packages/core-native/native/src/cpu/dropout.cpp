// Inverted dropout. Masks come from Philox counters, so that they are the same for any thread and any device.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {

void fill_mask(CpuContext& context, const FillMask& op) {
  const std::uint32_t threshold = drop_threshold(op.rate);
  const float kept = static_cast<float>(1.0 / (1.0 - op.rate));
  context.parallel_for(op.times * op.rows, 1, 8 * op.units, [&](Range range) {
    for (std::int64_t i = range.begin; i < range.end; ++i) {
      RandomAddress address = op.base;
      address.time += static_cast<std::uint32_t>(i / op.rows);
      address.row += static_cast<std::uint32_t>(i % op.rows);
      float* out = op.out + i * op.units;
      for (std::int64_t u = 0; u < op.units; u += 4) {
        const PhiloxCounter words = random_block(op.seed, address, static_cast<std::uint32_t>(u / 4));
        const std::int64_t n = smaller<std::int64_t>(4, op.units - u);
        for (std::int64_t j = 0; j < n; ++j) out[u + j] = words[static_cast<std::size_t>(j)] < threshold ? 0.0f : kept;
      }
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
