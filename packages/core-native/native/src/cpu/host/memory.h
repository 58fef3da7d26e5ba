#pragma once

// Memory of the CPU backend.

#include <cstddef>
#include <cstdint>

namespace rondo::cpu {

/// 64-byte aligned; large blocks in huge pages where the system has them (a step walks through hundreds of megabytes:
/// small pages cost a fault each, and a translation that the core's tables cannot hold). Null when there is none left.
void* allocate_memory(std::size_t bytes) noexcept;
void release_memory(void* memory) noexcept;

/// Bytes of the machine's memory; 0 where the system does not say.
std::uint64_t installed_memory() noexcept;

}  // namespace rondo::cpu
