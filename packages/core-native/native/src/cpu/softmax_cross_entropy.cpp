// Cross-entropy from logits, per row: equations 18–19 of docs/lstm.md, with smoothing 31–32.

#include "cpu/cpu_ops.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

std::int64_t arg_max(const float* x, std::int64_t n) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < n; ++i) best = x[i] > x[best] ? i : best;
  return best;
}

double mean(const float* x, std::int64_t n) {
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
  return sum / static_cast<double>(n);
}

void one_row(const SoftmaxCrossEntropy& op, std::int64_t r) {
  const float* logits = op.logits + r * op.vocabulary;
  const std::int64_t target = op.targets[r];
  const float weight = op.weights[r];
  const double factor = op.head_weight * static_cast<double>(weight);
  if (op.hits) op.hits[r] = arg_max(logits, op.vocabulary) == target ? static_cast<double>(weight) : 0.0;
  const double at_target = static_cast<double>(logits[target]);
  const double smoothed = op.smoothing > 0 ? op.smoothing * (at_target - mean(logits, op.vocabulary)) : 0;
  float* d = op.d_logits + r * op.vocabulary;
  const double lse = softmax_row(logits, d, op.vocabulary);
  if (weight != 0.0f) op.loss[r] += factor * (lse - at_target + smoothed);  // 0 · inf is not a loss
  const Vf scale = splat(static_cast<float>(factor));
  const Vf everybody = splat(static_cast<float>(op.smoothing / static_cast<double>(op.vocabulary)));
  d[target] -= static_cast<float>(1 - op.smoothing);
  for_vectors({0, op.vocabulary}, [&](std::int64_t i, int n) {
    store(d + i, weight == 0.0f ? Vf{} : scale * (load(d + i, n) - everybody), n);
  });
}

}  // namespace

void softmax_cross_entropy(CpuContext& context, const SoftmaxCrossEntropy& op) {
  context.parallel_for(op.rows, 1, 8 * op.vocabulary, [&](Range rows) {
    for (std::int64_t r = rows.begin; r < rows.end; ++r) one_row(op, r);
  });
}

}  // namespace rondo::cpu::RONDO_ISA
