#include "cuda/recordings.h"

#include <algorithm>

namespace rondo::cuda {

Recordings::~Recordings() {
  clear();
}

void Recordings::clear() noexcept {
  for (const Entry& entry : entries_) destroy_graph(entry.graph);
  entries_.clear();
}

std::size_t Recordings::size() const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.graph != nullptr; }));
}

Recordings::Entry& Recordings::find(const RecordingKey& key, bool& seen) {
  const auto same = [&](const Entry& entry) {
    return std::equal(std::begin(key.parts), std::end(key.parts), std::begin(entry.key.parts));
  };
  const auto found = std::find_if(entries_.begin(), entries_.end(), same);
  seen = found != entries_.end();
  if (seen) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front();
  }
  if (entries_.size() == kMost) {
    destroy_graph(entries_.back().graph);
    entries_.pop_back();
  }
  entries_.push_front({key, nullptr});
  return entries_.front();
}

Graph Recordings::capture(const std::function<void()>& ops) {
  begin_capture(context_.stream());
  context_.set_capturing(true);
  try {
    ops();
  } catch (...) {
    context_.set_capturing(false);
    try {
      destroy_graph(end_capture(context_.stream()));  // the stream must not stay in the state of capturing
    } catch (...) {
    }
    throw;
  }
  context_.set_capturing(false);
  return end_capture(context_.stream());
}

void Recordings::play(const RecordingKey& key, const std::function<void()>& ops) {
  if (scratch_moves_ != context_.scratch_moves()) {  // graphs hold its old address
    synchronize(context_.stream());
    clear();
    scratch_moves_ = context_.scratch_moves();
  }
  bool seen = false;
  Entry& entry = find(key, seen);
  if (!seen) return ops();
  if (!entry.graph) entry.graph = capture(ops);
  launch_graph(entry.graph, context_.stream());
}

}  // namespace rondo::cuda
