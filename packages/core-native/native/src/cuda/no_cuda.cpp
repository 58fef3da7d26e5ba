// What a build without CUDA answers. CMake picks this file or the CUDA ones.

#include "cuda/cuda_backend.h"
#include "rondo/error.h"

namespace rondo::cuda {

bool built() {
  return false;
}

std::vector<std::string> architectures() {
  return {};
}

std::string unavailable_reason() {
  return "no CUDA support in this build";
}

std::vector<DeviceInfo> devices() {
  return {};
}

std::unique_ptr<Backend> make_backend(Precision) {
  throw Error(ErrorCode::device,
              "expected a CUDA device, but there is no CUDA support in this build; use device 'cpu', or build with "
              "RONDO_CUDA=ON");
}

}  // namespace rondo::cuda
