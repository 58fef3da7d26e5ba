#include "machine.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <new>
#include <thread>
#include <vector>

#include "cpu/host/cpu_features.h"
#include "cpu/host/memory.h"

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
  const cpu::CpuFeatures features = cpu::cpu_features();
  if (features.avx512) return fma_avx512();
  if (features.avx2) return fma_avx2();
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

#if defined(__x86_64__)
__attribute__((target("avx2"))) float read_avx2(const float* x, std::size_t count) {
  __m256i sums[8] = {};
  for (std::size_t i = 0; i + 64 <= count; i += 64) {
#  pragma GCC unroll 8
    for (std::size_t j = 0; j < 8; ++j) {
      sums[j] = _mm256_xor_si256(sums[j], _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + i + 8 * j)));
    }
  }
  for (const __m256i& s : sums) sums[0] = _mm256_or_si256(sums[0], s);
  return static_cast<float>(_mm256_extract_epi32(sums[0], 0));
}
#endif

float read_block(const float* x, std::size_t count) {
#if defined(__x86_64__)
  if (cpu::cpu_features().avx2) return read_avx2(x, count);
#endif
  float sums[16] = {};
  for (std::size_t i = 0; i + 16 <= count; i += 16) {
    for (std::size_t j = 0; j < 16; ++j) sums[j] += x[i + j];
  }
  for (const float s : sums) sums[0] += s;
  return sums[0];
}

/// Work of all threads together per second; work(index) gives its amount.
double rate(int threads, const std::function<double(int)>& work) {
  std::vector<double> done(static_cast<std::size_t>(threads));
  std::vector<std::thread> team;
  const Clock::time_point start = Clock::now();
  for (int i = 1; i < threads; ++i) team.emplace_back([&, i] { done[static_cast<std::size_t>(i)] = work(i); });
  done[0] = work(0);
  for (std::thread& t : team) t.join();
  const double seconds = seconds_since(start);
  double sum = 0;
  for (const double d : done) sum += d;
  return sum / seconds / 1e9;
}

}  // namespace

double fma_rate(int threads) {
  return rate(threads, [](int) { return fma_best(); });
}

Block::Block(std::size_t bytes) : count_(bytes / sizeof(float)) {
  data_ = static_cast<float*>(cpu::allocate_memory(bytes));
  if (!data_) throw std::bad_alloc();
  for (std::size_t i = 0; i < count_; ++i) data_[i] = 1.0f;
}

Block::~Block() {
  cpu::release_memory(data_);
}

double read_rate(int threads, const Block& block) {
  constexpr std::size_t kBytes = 256u << 20;  // a slice: some ten milliseconds
  const int times = static_cast<int>(kBytes / (block.count() * sizeof(float))) + 1;
  const std::size_t count = block.count() / static_cast<std::size_t>(threads);
  return rate(threads, [&](int index) {
    for (int i = 0; i < times; ++i) sink = read_block(block.data() + static_cast<std::size_t>(index) * count, count);
    return static_cast<double>(times) * static_cast<double>(count * sizeof(float));
  });
}

}  // namespace rondo::bench
