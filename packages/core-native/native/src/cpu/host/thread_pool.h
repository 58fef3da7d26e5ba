#pragma once

// A fixed team of threads. Work is split by index (static partition), never stolen, so that which thread does what
// depends on the sizes alone.

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace rondo::cpu {

class ThreadPool {
 public:
  /// task(context, index, count) for one index of 0 … count−1.
  using Task = void (*)(void* context, int index, int count);

  /// `threads` ≥ 1, the caller of run() included.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Runs the task once per thread at the same time (index 0 on the caller) and returns when all are done. The task
  /// must not throw and must not call run().
  void run(Task task, void* context);

 private:
  void work(int index);

  std::vector<std::thread> workers_;
  Task task_ = nullptr;
  void* context_ = nullptr;
  std::atomic<std::uint32_t> round_{0};  // incremented by every run(); workers wait on it
  std::atomic<int> pending_{0};
  std::atomic<bool> stop_{false};
};

/// Meeting point of `members` threads, usable again and again. Threads of one run() are all running, so that
/// spinning ends; it yields when a core is shared.
class SpinBarrier {
 public:
  void reset(int members) {
    members_ = members;
    arrived_.store(0, std::memory_order_relaxed);
  }
  void wait();

 private:
  int members_ = 1;
  std::atomic<int> arrived_{0};
  std::atomic<std::uint32_t> phase_{0};
};

}  // namespace rondo::cpu
