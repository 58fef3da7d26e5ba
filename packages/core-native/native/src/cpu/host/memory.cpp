#include "cpu/host/memory.h"

#include <cstdlib>

#if defined(__linux__)
#  include <sys/mman.h>
#endif

namespace rondo::cpu {

void* allocate_memory(std::size_t bytes) noexcept {
  constexpr std::size_t kLine = 64, kHugePage = std::size_t{2} << 20;
  const std::size_t alignment = bytes >= 2 * kHugePage ? kHugePage : kLine;
  void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
#if defined(__linux__)
  if (memory && alignment == kHugePage) madvise(memory, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);  // only a wish
#endif
  return memory;
}

void release_memory(void* memory) noexcept {
  std::free(memory);
}

}  // namespace rondo::cpu
