#pragma once

// Where a network can run, and what this build of the engine contains.

#include <cstdint>
#include <string>
#include <vector>

namespace rondo {

enum class DeviceChoice { automatic, cpu, cuda };
enum class DeviceKind { cpu, cuda };

/// Arithmetic of the matrix products. Parameters, optimiser slots, cell states and sums are fp32 (or wider) in all.
enum class Precision {
  automatic,  ///< CPU: fp32; CUDA: bf16
  fp32,
  tf32,  ///< CUDA: operands rounded to 10 bits of mantissa
  bf16   ///< CUDA: operands rounded to 7 bits of mantissa
};

/// "fp32", "tf32", "bf16", "auto". Static storage.
const char* precision_name(Precision precision) noexcept;

struct DeviceInfo {
  DeviceKind kind = DeviceKind::cpu;
  int index = 0;                   ///< ordinal among devices of its kind
  std::string name;                ///< marketing name as the system reports it
  std::string simd;                ///< CPU: instruction set in use ("sse2", "avx2", "avx512", "neon"); CUDA: "sm_90"
  int threads = 0;                 ///< CPU: hardware threads; CUDA: multiprocessors
  std::uint64_t memory_bytes = 0;  ///< installed memory, 0 when unknown
  std::string driver;              ///< CUDA: what the installed driver offers, as "13.0"; else empty
};

struct EngineInfo {
  std::string version;                          ///< the engine's version, "major.minor.patch"
  std::string simd;                             ///< the CPU instruction set picked at run time
  bool cuda_built = false;                      ///< true when this build contains CUDA code
  std::vector<std::string> cuda_architectures;  ///< {"sm_80", …}; empty without CUDA
  std::string cuda_note;                        ///< why there is no CUDA device, empty when there is one
};

/// The CPU first, then every usable CUDA device. Never throws for a missing driver.
std::vector<DeviceInfo> list_devices();

/// Facts about this build. RONDO_SIMD=sse2|avx2|avx512|neon in the environment lowers `simd` (tests);
/// a level that the CPU lacks is an Error(device).
EngineInfo engine_info();

}  // namespace rondo
