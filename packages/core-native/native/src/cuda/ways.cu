#include "cuda/ways.h"

#include <cstdlib>
#include <string>

namespace rondo::cuda {
namespace {

std::string wish(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? value : "";
}

/// A line per compute capability that was measured, newest first. tools/gpu-check.sh says which ways are fastest.
struct Measured {
  int major;
  LstmPath lstm;
  bool warpgroups;
};
constexpr Measured kMeasured[] = {{8, LstmPath::persistent, false}};

const Measured& measured(const DeviceFacts& facts) {
  for (const Measured& line : kMeasured) {
    if (facts.major >= line.major) return line;
  }
  return kMeasured[0];
}

}  // namespace

LstmPath lstm_path(const DeviceFacts& facts) {
  const std::string path = wish("RONDO_CUDA_LSTM");
  if (path == "fused" || path == "graph") return LstmPath::fused;
  if (path == "persistent") return LstmPath::persistent;
  if (path == "cluster") return LstmPath::cluster;
  if (path == "distributed") return LstmPath::distributed;
  return measured(facts).lstm;
}

bool takes_warpgroups(const DeviceFacts& facts) {
  if (facts.major != 9) return false;
  const std::string gemm = wish("RONDO_CUDA_GEMM");
  return gemm == "wgmma" || (gemm != "mma" && measured(facts).warpgroups);
}

}  // namespace rondo::cuda
