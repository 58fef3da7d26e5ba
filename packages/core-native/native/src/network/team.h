#pragma once

// Threads for the work on the host that comes before a network's first step; passes have their backend's.

#include <barrier>
#include <cstdint>
#include <thread>
#include <vector>

namespace rondo {

class Team {
 public:
  explicit Team(int threads) : threads_(threads), barrier_(threads) {}

  /// f(index) on every thread at the same time; f must not throw.
  template <class F>
  void run(F f) {
    std::vector<std::thread> others;
    others.reserve(static_cast<std::size_t>(threads_ - 1));
    for (int index = 1; index < threads_; ++index) others.emplace_back([&f, index] { f(index); });
    f(0);
    for (std::thread& thread : others) thread.join();
  }

  /// Inside run(): every thread waits for all others.
  void meet() { barrier_.arrive_and_wait(); }

  /// f(begin, end) of this thread's part of begin … end, in multiples of `grain` from begin.
  template <class F>
  void part(int index, std::int64_t begin, std::int64_t end, std::int64_t grain, F f) const {
    const std::int64_t grains = (end - begin + grain - 1) / grain;
    const std::int64_t first = begin + grains * index / threads_ * grain;
    const std::int64_t last = begin + grains * (index + 1) / threads_ * grain;
    if (first < end) f(first, last < end ? last : end);
  }

 private:
  const int threads_;
  std::barrier<> barrier_;
};

}  // namespace rondo
