#pragma once

// Graphs by key. A sequence of ops runs as it is the first time (kernels are loaded, scratch grows, sizes are chosen),
// is captured the second time, and is played from then on.

#include <cstddef>
#include <functional>
#include <list>

#include "cuda/context.h"
#include "rondo/backend.h"

namespace rondo::cuda {

class Recordings {
 public:
  explicit Recordings(CudaContext& context) : context_(context) {}
  ~Recordings();
  Recordings(const Recordings&) = delete;
  Recordings& operator=(const Recordings&) = delete;

  void play(const RecordingKey& key, const std::function<void()>& ops);
  /// Graphs that are ready to be played.
  std::size_t size() const;

 private:
  struct Entry {
    RecordingKey key;
    Graph graph = nullptr;  ///< null: seen once
  };
  static constexpr std::size_t kMost = 32;

  Entry& find(const RecordingKey& key, bool& seen);
  Graph capture(const std::function<void()>& ops);
  void clear() noexcept;

  CudaContext& context_;
  std::list<Entry> entries_;  ///< the last used one first
  std::uint64_t scratch_moves_ = 0;
};

}  // namespace rondo::cuda
