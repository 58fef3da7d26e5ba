#include "cpu/host/cpu_features.h"

#if defined(__x86_64__)
#  include <cpuid.h>
#  include <cstdint>
#endif

namespace rondo::cpu {

#if defined(__x86_64__)
namespace {

bool bit(unsigned word, int index) {
  return (word >> index & 1u) != 0;
}

/// XCR0: which registers the system saves. Only to be asked where OSXSAVE is set.
std::uint64_t saved_registers() {
  std::uint32_t low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<std::uint64_t>(high) << 32 | low;
}

}  // namespace

CpuFeatures cpu_features() {
  constexpr std::uint64_t kYmm = 0x06, kZmm = 0xe6;  // SSE and AVX state; with the three of AVX-512
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !bit(c, 27)) return {};  // OSXSAVE
  const bool avx_fma = bit(c, 28) && bit(c, 12);
  const std::uint64_t saved = saved_registers();
  if (!avx_fma || (saved & kYmm) != kYmm || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return {};
  CpuFeatures found;
  found.avx2 = bit(b, 5);
  const bool all = bit(b, 16) && bit(b, 17) && bit(b, 30) && bit(b, 31);  // F, DQ, BW, VL
  found.avx512 = found.avx2 && all && (saved & kZmm) == kZmm;
  return found;
}
#else
CpuFeatures cpu_features() {
  return {};
}
#endif

}  // namespace rondo::cpu
