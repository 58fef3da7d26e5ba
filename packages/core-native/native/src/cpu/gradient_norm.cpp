// Σ g² for clipping by the global norm: equation 21 of docs/lstm.md. Blocks of fixed size are summed in double; the
// blocks' sums are added in order, whatever the threads.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

double block_sum(const float* x, std::int64_t count) {
  double sums[8] = {};
  std::int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int j = 0; j < 8; ++j) sums[j] += static_cast<double>(x[i + j]) * static_cast<double>(x[i + j]);
  }
  for (int j = 0; i < count; ++i, ++j) sums[j] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace

double sum_of_squares(CpuContext& context, const float* x, std::int64_t count) {
  // At most 1024 blocks, so that their sums fit on the stack; the border of a block depends on `count` alone.
  constexpr std::int64_t kMaxBlocks = 1024;
  const std::int64_t block = larger<std::int64_t>(4096, round_up(ceil_div(count, kMaxBlocks), 8));
  const std::int64_t blocks = ceil_div(count, block);
  double sums[kMaxBlocks];
  context.parallel_for(blocks, 1, block, [&](Range range) {
    for (std::int64_t b = range.begin; b < range.end; ++b) {
      sums[b] = block_sum(x + b * block, smaller(block, count - b * block));
    }
  });
  double total = 0;
  for (std::int64_t b = 0; b < blocks; ++b) total += sums[b];
  return total;
}

}  // namespace rondo::cpu::RONDO_ISA
