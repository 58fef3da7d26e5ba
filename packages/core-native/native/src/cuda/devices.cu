// Devices as the rest of the engine sees them. CUDA_VISIBLE_DEVICES, which the driver reads, chooses among several.

#include "cuda/devices.h"

#include <algorithm>

#include "cuda/cuda_backend.h"
#include "rondo/error.h"
#include "runtime.h"

namespace rondo::cuda {
namespace {

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// All devices that the kernels run on; `reason` says why there are none.
std::vector<DeviceFacts> usable_devices(std::string& reason) {
  std::vector<DeviceFacts> usable;
  const int count = device_count(&reason);
  for (int i = 0; i < count; ++i) {
    try {
      const DeviceFacts facts = device_facts(i);
      if (facts.major >= kLeastMajor) {
        usable.push_back(facts);
      } else {
        reason = facts.name + " has compute capability " + std::to_string(facts.major) + "." +
                 std::to_string(facts.minor) + ", and the kernels need 8.0 or newer";
      }
    } catch (const Error& error) {
      reason = error.what();
    }
  }
  if (!usable.empty()) reason.clear();
  return usable;
}

}  // namespace

DeviceInfo device_info(const DeviceFacts& facts) {
  DeviceInfo info;
  info.kind = DeviceKind::cuda;
  info.index = facts.index;
  info.name = facts.name;
  info.simd = "sm_" + std::to_string(facts.major) + std::to_string(facts.minor);
  info.threads = facts.multiprocessors;
  info.memory_bytes = facts.memory_bytes;
  info.driver = version_text(facts.driver_version);
  return info;
}

bool built() {
  return true;
}

std::vector<std::string> architectures() {
  std::vector<std::string> names;
  std::string list = RONDO_CUDA_ARCHITECTURES;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::string unavailable_reason() {
  std::string reason;
  usable_devices(reason);
  return reason;
}

std::vector<DeviceInfo> devices() {
  std::string reason;
  std::vector<DeviceInfo> infos;
  for (const DeviceFacts& facts : usable_devices(reason)) infos.push_back(device_info(facts));
  return infos;
}

DeviceFacts chosen_device() {
  std::string reason;
  const std::vector<DeviceFacts> usable = usable_devices(reason);
  if (!usable.empty()) return usable.front();
  throw Error(ErrorCode::device, "expected a CUDA device, but " + reason + "; use device 'cpu'");
}

}  // namespace rondo::cuda
