#pragma once

// What the processor and the system offer on x86-64. Asked directly: the compilers' __builtin_cpu_supports needs a
// runtime library that is not linked on Windows.

namespace rondo::cpu {

struct CpuFeatures {
  /// AVX2 and FMA, and the system keeps the 256-bit registers.
  bool avx2 = false;
  /// AVX-512 F, DQ, BW and VL beside AVX2, and the system keeps the 512-bit registers.
  bool avx512 = false;
};

/// All false on other processors.
CpuFeatures cpu_features();

}  // namespace rondo::cpu
