#pragma once

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

}  // namespace rondo::cuda
