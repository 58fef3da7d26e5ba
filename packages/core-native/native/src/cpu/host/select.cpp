#include "cpu/host/select.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "cpu/host/cpu_features.h"
#include "cpu/host/memory.h"
#include "rondo/error.h"

#if defined(__x86_64__)
#  include <cpuid.h>
#endif

namespace rondo::cpu {

#if defined(__x86_64__)
namespace sse2 {
Backend* make_cpu_backend(const DeviceInfo& device, int threads);
}
namespace avx2 {
Backend* make_cpu_backend(const DeviceInfo& device, int threads);
}
namespace avx512 {
Backend* make_cpu_backend(const DeviceInfo& device, int threads);
}
#elif defined(__aarch64__)
namespace neon {
Backend* make_cpu_backend(const DeviceInfo& device, int threads);
}
#endif

namespace {

struct SimdLevel {
  const char* name;
  bool available;
  Backend* (*make)(const DeviceInfo& device, int threads);
};

std::vector<SimdLevel> simd_levels() {
#if defined(__x86_64__)
  const CpuFeatures features = cpu_features();
  return {{"sse2", true, sse2::make_cpu_backend},
          {"avx2", features.avx2, avx2::make_cpu_backend},
          {"avx512", features.avx512, avx512::make_cpu_backend}};
#elif defined(__aarch64__)
  return {{"neon", true, neon::make_cpu_backend}};
#endif
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string cpu_name() {
#if defined(__x86_64__)
  unsigned words[12] = {};
  for (unsigned leaf = 0; leaf < 3; ++leaf) {
    unsigned* w = words + 4 * leaf;
    if (!__get_cpuid(0x80000002u + leaf, &w[0], &w[1], &w[2], &w[3])) return "x86-64 CPU";
  }
  char text[sizeof(words) + 1] = {};
  std::memcpy(text, words, sizeof(words));
  return text;
#else
  return "arm64 CPU";
#endif
}

int hardware_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

std::vector<std::string> available_simd() {
  std::vector<std::string> names;
  for (const SimdLevel& level : simd_levels()) {
    if (level.available) names.emplace_back(level.name);
  }
  return names;
}

std::string selected_simd() {
  const std::vector<std::string> names = available_simd();
  const char* wanted = std::getenv("RONDO_SIMD");
  if (!wanted || !*wanted) return names.back();
  if (std::find(names.begin(), names.end(), wanted) == names.end()) {
    throw Error(ErrorCode::device, "expected RONDO_SIMD to be one of " + join(names) + ", got '" + wanted +
                                       "'; unset it to use the best of them");
  }
  return wanted;
}

DeviceInfo device_info() {
  DeviceInfo info;
  info.kind = DeviceKind::cpu;
  info.name = cpu_name();
  info.simd = selected_simd();
  info.threads = hardware_threads();
  info.memory_bytes = installed_memory();
  return info;
}

std::unique_ptr<Backend> make_backend(int threads) {
  constexpr int kMaxThreads = 1024;
  if (threads < 0 || threads > kMaxThreads) {
    throw Error(ErrorCode::spec,
                "expected threads in 0 … 1024, got " + std::to_string(threads) + "; use 0 for all hardware threads");
  }
  const DeviceInfo info = device_info();
  for (const SimdLevel& level : simd_levels()) {
    if (level.name == info.simd) {
      return std::unique_ptr<Backend>(level.make(info, threads == 0 ? hardware_threads() : threads));
    }
  }
  throw Error(ErrorCode::internal, "no kernels for " + info.simd);
}

}  // namespace rondo::cpu
