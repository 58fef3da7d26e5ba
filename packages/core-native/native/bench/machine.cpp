#include "machine.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#  include <immintrin.h>
#elif defined(__aarch64__)
#  include <arm_neon.h>
#endif

namespace rondo::bench {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr long kRounds = 2'000'000;
volatile float sink = 0;

// Twelve independent chains hide the latency of the multiply-add. Each gives its number of floating-point operations.
#if defined(__x86_64__)
__attribute__((target("avx512f"))) double fma_avx512() {
  __m512 a[12];
  for (__m512& x : a) x = _mm512_set1_ps(1.0f);
  const __m512 m = _mm512_set1_ps(0.999f), c = _mm512_set1_ps(0.001f);
  for (long i = 0; i < kRounds; ++i) {
#  pragma GCC unroll 12
    for (__m512& x : a) x = _mm512_fmadd_ps(x, m, c);
  }
  __m512 sum = a[0];
  for (const __m512& x : a) sum = _mm512_add_ps(sum, x);
  float out[16];
  _mm512_storeu_ps(out, sum);
  sink = out[0];
  return 2.0 * 16 * 12 * kRounds;
}

__attribute__((target("avx2,fma"))) double fma_avx2() {
  __m256 a[12];
  for (__m256& x : a) x = _mm256_set1_ps(1.0f);
  const __m256 m = _mm256_set1_ps(0.999f), c = _mm256_set1_ps(0.001f);
  for (long i = 0; i < kRounds; ++i) {
#  pragma GCC unroll 12
    for (__m256& x : a) x = _mm256_fmadd_ps(x, m, c);
  }
  __m256 sum = a[0];
  for (const __m256& x : a) sum = _mm256_add_ps(sum, x);
  float out[8];
  _mm256_storeu_ps(out, sum);
  sink = out[0];
  return 2.0 * 8 * 12 * kRounds;
}

double fma_best() {
  if (__builtin_cpu_supports("avx512f")) return fma_avx512();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return fma_avx2();
  __m128 a[8];
  for (__m128& x : a) x = _mm_set1_ps(1.0f);
  for (long i = 0; i < kRounds; ++i) {
    for (__m128& x : a) x = _mm_add_ps(_mm_mul_ps(x, _mm_set1_ps(0.999f)), _mm_set1_ps(0.001f));
  }
  sink = _mm_cvtss_f32(_mm_add_ps(_mm_add_ps(a[0], a[1]), _mm_add_ps(a[2], a[3]))) + _mm_cvtss_f32(a[7]);
  return 2.0 * 4 * 8 * kRounds;
}
#else
double fma_best() {
  float32x4_t a[12];
  for (float32x4_t& x : a) x = vdupq_n_f32(1.0f);
  for (long i = 0; i < kRounds; ++i) {
    for (float32x4_t& x : a) x = vfmaq_f32(vdupq_n_f32(0.001f), x, vdupq_n_f32(0.999f));
  }
  float32x4_t sum = a[0];
  for (const float32x4_t& x : a) sum = vaddq_f32(sum, x);
  sink = vgetq_lane_f32(sum, 0);
  return 2.0 * 4 * 12 * kRounds;
}
#endif

double read_block(const std::vector<std::uint64_t>& block) {
  std::uint64_t sums[8] = {};
  for (std::size_t i = 0; i + 8 <= block.size(); i += 8) {
    for (std::size_t j = 0; j < 8; ++j) sums[j] += block[i + j];
  }
  std::uint64_t all = 0;
  for (const std::uint64_t s : sums) all += s;
  sink = static_cast<float>(all);
  return static_cast<double>(block.size() * sizeof(std::uint64_t));
}

/// Work per second of all threads together, best of `rounds`: short rounds find a moment when nothing else runs.
double best_rate(int threads, int rounds, const std::function<double()>& work) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> done(static_cast<std::size_t>(threads));
    std::vector<std::thread> team;
    const Clock::time_point start = Clock::now();
    for (double& d : done) team.emplace_back([&] { d = work(); });
    for (std::thread& t : team) t.join();
    const double seconds = seconds_since(start);
    double sum = 0;
    for (const double d : done) sum += d;
    best = std::max(best, sum / seconds);
  }
  return best;
}

}  // namespace

MachinePeak measure_machine(int threads) {
  const std::vector<std::uint64_t> block((256u << 20) / sizeof(std::uint64_t), 1);
  return {best_rate(threads, 40, fma_best) / 1e9, best_rate(threads, 8, [&] { return read_block(block); }) / 1e9};
}

}  // namespace rondo::bench
