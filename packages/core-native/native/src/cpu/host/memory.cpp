#include "cpu/host/memory.h"

#include <cstdlib>

#if defined(_WIN32)
#  define WIN32_LEAN_AND_MEAN
#  include <windows.h>
// after windows.h
#  include <malloc.h>
#elif defined(__APPLE__)
#  include <sys/sysctl.h>
#else
#  include <sys/mman.h>
#  include <unistd.h>
#endif

namespace rondo::cpu {
namespace {

constexpr std::size_t kLine = 64, kHugePage = std::size_t{2} << 20;

/// A wish, which the system may not hear. macOS and Windows give large pages to privileged programs alone.
void ask_for_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(MADV_HUGEPAGE)
  madvise(memory, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
}

}  // namespace

void* allocate_memory(std::size_t bytes) noexcept {
  const std::size_t alignment = bytes >= 2 * kHugePage ? kHugePage : kLine;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
#if defined(_WIN32)
  void* memory = _aligned_malloc(whole, alignment);
#else
  void* memory = std::aligned_alloc(alignment, whole);
#endif
  if (memory != nullptr && alignment == kHugePage) ask_for_huge_pages(memory, bytes);
  return memory;
}

void release_memory(void* memory) noexcept {
#if defined(_WIN32)
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}

std::uint64_t installed_memory() noexcept {
#if defined(_WIN32)
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof(status);
  return GlobalMemoryStatusEx(&status) ? status.ullTotalPhys : 0;
#elif defined(__APPLE__)
  std::uint64_t bytes = 0;
  std::size_t size = sizeof(bytes);
  return sysctlbyname("hw.memsize", &bytes, &size, nullptr, 0) == 0 ? bytes : 0;
#else
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
#endif
}

}  // namespace rondo::cpu
