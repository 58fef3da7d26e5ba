#pragma once

// What every op of the CPU backend works with: the team of threads and a scratch block per thread.

#include <cstdint>

#include "cpu/gemm.h"
#include "cpu/host/thread_pool.h"
#include "cpu/simd.h"

namespace rondo::cpu::RONDO_ISA {

/// Half-open range of indices.
struct Range {
  std::int64_t begin = 0, end = 0;
  bool empty() const { return begin >= end; }
};

/// Part `index` of `count` nearly equal parts of 0 … size, borders at multiples of `grain`.
inline Range part(std::int64_t size, std::int64_t grain, int index, int count) {
  const std::int64_t grains = ceil_div(size, grain);
  return {smaller(size, grains * index / count * grain), smaller(size, grains * (index + 1) / count * grain)};
}

class CpuContext {
 public:
  /// Floats of a thread's scratch: a block of A, a block of B, and tiles.
  static constexpr std::int64_t kScratchA = kBlockTransposed * kBlockK;
  static constexpr std::int64_t kScratchB = (kBlockColumns + kPanel) * kBlockK;
  static constexpr std::int64_t kScratchTiles = 4 * kBlockRows * kPanel;
  static constexpr std::int64_t kScratch = kScratchA + kScratchB + kScratchTiles;

  explicit CpuContext(int threads);
  ~CpuContext();
  CpuContext(const CpuContext&) = delete;
  CpuContext& operator=(const CpuContext&) = delete;

  int threads() const { return pool_.size(); }
  std::uint64_t scratch_bytes() const { return sizeof(float) * static_cast<std::uint64_t>(kScratch * threads()); }
  float* scratch_a(int thread) { return scratch_ + thread * kScratch; }
  float* scratch_b(int thread) { return scratch_a(thread) + kScratchA; }
  float* scratch_tiles(int thread) { return scratch_b(thread) + kScratchB; }
  SpinBarrier& barrier(int group) { return barriers_[group]; }

  /// f(index, count) on every thread.
  template <class F>
  void parallel(F f) {
    pool_.run([](void* context, int index, int count) { (*static_cast<F*>(context))(index, count); }, &f);
  }

  /// f(range) on parts of 0 … size with borders at multiples of `grain`; on the caller alone when there is little to
  /// do.
  template <class F>
  void parallel_for(std::int64_t size, std::int64_t grain, std::int64_t work_per_item, F f) {
    constexpr std::int64_t kWorthAThread = 32768;
    if (threads() == 1 || size * work_per_item < kWorthAThread) {
      if (size > 0) f(Range{0, size});
      return;
    }
    parallel([&](int index, int count) {
      const Range range = part(size, grain, index, count);
      if (!range.empty()) f(range);
    });
  }

 private:
  ThreadPool pool_;
  float* scratch_ = nullptr;
  SpinBarrier* barriers_ = nullptr;
};

}  // namespace rondo::cpu::RONDO_ISA
