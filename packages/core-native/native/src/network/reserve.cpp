// How much memory training takes, known before it starts.

#include <algorithm>
#include <cstdio>

#include "network/core.h"

namespace rondo {
namespace {

std::string gigabytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

/// The most rows that fit into `bytes`, 0 when not even one does.
std::int64_t largest_batch(const NetworkCore& core, BatchShape shape, std::uint64_t bytes) {
  std::int64_t fits = 0, too_many = shape.batch;
  while (too_many - fits > 1) {
    shape.batch = fits + (too_many - fits) / 2;
    (Buffers::bytes_for(core.plan, *core.backend, shape) <= bytes ? fits : too_many) = shape.batch;
  }
  return fits;
}

void check_shape(const BatchShape& shape) {
  constexpr std::int64_t kMost = 1 << 24;
  if (shape.time >= 1 && shape.time <= kMost && shape.batch >= 1 && shape.batch <= kMost) return;
  throw Error(ErrorCode::shape, "reserve: expected a time and a batch of 1 or more, got " + std::to_string(shape.time) +
                                    " and " + std::to_string(shape.batch));
}

}  // namespace

std::uint64_t NetworkCore::forecast_bytes(const BatchShape& shape) const {
  check_shape(shape);
  const std::uint64_t needed = Buffers::bytes_for(plan, *backend, shape);
  return memory_bytes() - arena.bytes() + std::max<std::uint64_t>(needed, arena.bytes());
}

void NetworkCore::reserve(const BatchShape& shape) {
  check_shape(shape);
  const std::uint64_t needed = Buffers::bytes_for(plan, *backend, shape);
  if (needed <= arena.bytes()) return;
  // What the arena holds comes free before the larger one is taken. Some room stays for the driver's own needs.
  constexpr std::uint64_t kSpared = 64u << 20;
  const std::uint64_t available = backend->available_bytes();
  const std::uint64_t usable = available + arena.bytes() > kSpared ? available + arena.bytes() - kSpared : 0;
  if (available > 0 && needed > usable) {
    const std::int64_t fits = largest_batch(*this, shape, usable);
    throw Error(ErrorCode::memory,
                "memory: training on " + std::to_string(shape.batch) + " rows of " + std::to_string(shape.time) +
                    " steps needs " + gigabytes(needed) + " more on " + device.name + ", " + gigabytes(available) +
                    " are free; " +
                    (fits > 0 ? "use a batch of at most " + std::to_string(fits) : "use shorter sequences") +
                    ", a smaller network, or device 'cpu'");
  }
  arena.ensure(needed);
}

}  // namespace rondo
