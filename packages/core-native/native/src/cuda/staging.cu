#include "cuda/staging.h"

#include <algorithm>
#include <cstring>

namespace rondo::cuda {
namespace {

template <class Half>
void grow(Half& half, std::size_t bytes, std::size_t least) {
  if (bytes <= half.size) return;
  free_pinned(half.memory);
  half.memory = nullptr;
  half.size = 0;
  const std::size_t size = std::max(bytes, least);
  half.memory = static_cast<char*>(allocate_pinned(size));
  half.size = size;
}

}  // namespace

Staging::~Staging() {
  try {
    synchronize(stream_);  // copies may still read or write what is freed here
  } catch (...) {          // a device that failed does neither
  }
  for (Half* half : {&halves_[0], &halves_[1], &results_}) {
    free_pinned(half->memory);
    destroy_event(half->copied);
  }
}

std::size_t Staging::bytes() const {
  return halves_[0].size + halves_[1].size + results_.size;
}

void Staging::turn() {
  Half& full = halves_[filling_];
  if (!full.copied) full.copied = make_event();
  record(full.copied, stream_);
  full.under_way = true;
  filling_ = 1 - filling_;
  Half& next = halves_[filling_];
  if (next.under_way) synchronize(next.copied);
  next.under_way = false;
  next.used = 0;
}

char* Staging::take(std::size_t bytes) {
  constexpr std::size_t kAlignment = 64;
  if (halves_[filling_].used > 0 && halves_[filling_].used + bytes > halves_[filling_].size) turn();
  Half& half = halves_[filling_];
  grow(half, bytes, kLeast);  // only where nothing is in it
  char* place = half.memory + half.used;
  half.used = std::min(half.size, half.used + (bytes + kAlignment - 1) / kAlignment * kAlignment);
  return place;
}

void Staging::upload(void* device, const void* host, std::size_t bytes) {
  for (std::size_t done = 0; done < bytes;) {
    const std::size_t part = std::min(bytes - done, kLargest);
    char* place = take(part);
    std::memcpy(place, static_cast<const char*>(host) + done, part);
    copy_to_device(static_cast<char*>(device) + done, place, part, stream_);
    done += part;
  }
}

std::uint32_t Staging::download(void* host, const void* device, std::size_t bytes, const std::uint32_t* word) {
  constexpr std::size_t kWordPlace = 64;  // the word first, the data behind it
  grow(results_, kWordPlace + std::min(bytes, kLargest), kLeast);
  char* data = results_.memory + kWordPlace;
  std::uint32_t value = 0;
  std::size_t done = 0;
  do {
    const std::size_t part = std::min(bytes - done, kLargest);
    if (part > 0) copy_to_host(data, static_cast<const char*>(device) + done, part, stream_);
    copy_to_host(results_.memory, word, sizeof(value), stream_);
    synchronize(stream_);
    std::memcpy(static_cast<char*>(host) + done, data, part);
    std::memcpy(&value, results_.memory, sizeof(value));
    done += part;
  } while (done < bytes);
  for (Half& half : halves_) {  // whatever was under way has arrived
    half.under_way = false;
    half.used = 0;
  }
  return value;
}

}  // namespace rondo::cuda
