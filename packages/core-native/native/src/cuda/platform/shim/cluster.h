#pragma once

// Clusters of simulated blocks. What is sent lands when the phase that counts it ends, and not before: a kernel that
// does not wait reads NaN.

#include <cstdint>

#include "platform.h"

namespace rondo::cuda {

inline void cluster_arrive() {
  shim::Rendezvous& meeting = *shim::current->block->cluster;
  shim::current->cluster_since = meeting.generation;
  shim::current->cluster_arrived = true;
  if (++meeting.arrived < meeting.live) return;
  meeting.arrived = 0;
  ++meeting.generation;
}

inline void cluster_wait() {
  if (!shim::current->cluster_arrived) shim::abandon("a wait for a cluster without an arrival");
  shim::current->cluster_arrived = false;
  shim::wait_for_generation(*shim::current->block->cluster, shim::current->cluster_since);
}

using ArrivalBarrier = std::uint64_t;

inline void start_arrivals(ArrivalBarrier* barrier) {
  shim::arrivals_at(barrier) = {};
}

inline void expect_bytes(ArrivalBarrier* barrier, std::uint32_t bytes) {
  shim::Arrivals& arrivals = shim::arrivals_at(barrier);
  if (arrivals.arrived) shim::abandon("a second arrival in one phase of a barrier");
  arrivals.arrived = true;
  arrivals.bytes += bytes;
  shim::end_phase(arrivals);
}

inline bool wait_for_arrivals(ArrivalBarrier* barrier, std::uint32_t parity, std::uint32_t* failure) {
  constexpr unsigned kLimit = 200'000;
  for (unsigned polls = 0; polls < kLimit; ++polls) {
    if ((shim::arrivals_at(barrier).phase & 1) != parity) return true;
    if (*failure) return false;
    shim::yield();
  }
  *failure = 1;
  return false;
}

inline void send_16(uint4 value, void* target, ArrivalBarrier* barrier, std::uint32_t rank) {
  if (reinterpret_cast<std::uintptr_t>(target) % 16) shim::abandon("a store into a cluster is not aligned");
  shim::Arrivals& arrivals = shim::arrivals_at(shim::in_cluster(barrier, rank));
  shim::Arrivals::Store store{shim::in_cluster(target, rank), {}};
  std::memcpy(store.bytes, &value, sizeof(store.bytes));
  arrivals.stores.push_back(store);
  arrivals.bytes -= sizeof(store.bytes);
  shim::end_phase(arrivals);
}

}  // namespace rondo::cuda
