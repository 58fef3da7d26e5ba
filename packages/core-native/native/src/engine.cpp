// Devices, dispatch and the small shared parts of the public headers.

#include "cpu/host/select.h"
#include "cuda/cuda_backend.h"
#include "rondo/backend.h"
#include "rondo/error.h"
#include "rondo/tensor.h"

namespace rondo {

const char* code_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::disposed:
      return "RONDO_ENGINE_DISPOSED";
    case ErrorCode::busy:
      return "RONDO_ENGINE_BUSY";
    case ErrorCode::shape:
      return "RONDO_ENGINE_SHAPE";
    case ErrorCode::spec:
      return "RONDO_ENGINE_SPEC";
    case ErrorCode::device:
      return "RONDO_ENGINE_DEVICE";
    case ErrorCode::memory:
      return "RONDO_ENGINE_MEMORY";
    case ErrorCode::unsupported:
      return "RONDO_ENGINE_UNSUPPORTED";
    case ErrorCode::internal:
      return "RONDO_ENGINE_INTERNAL";
  }
  return "RONDO_ENGINE_INTERNAL";
}

// Out of line, so that no object compiled for a newer instruction set carries a copy of it.
Error::~Error() = default;

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + ")";
}

Backend::~Backend() = default;

std::uint64_t Backend::available_bytes() const {
  return 0;
}

void Backend::stage(const UploadPiece*, std::size_t) {}

void Backend::upload_all(const UploadPiece* pieces, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) upload(pieces[i].device, pieces[i].host, pieces[i].bytes);
}

void Backend::lstm_forward_both(const LstmForward& forward, const LstmForward& reverse) {
  lstm_forward(forward);
  lstm_forward(reverse);
}

void Backend::lstm_backward_both(const LstmBackward& forward, const LstmBackward& reverse) {
  lstm_backward(forward);
  lstm_backward(reverse);
}

void Backend::play(const RecordingKey&, const std::function<void()>& ops) {
  ops();
}

const char* precision_name(Precision precision) noexcept {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::fp32:
      return "fp32";
    case Precision::tf32:
      return "tf32";
    case Precision::bf16:
      return "bf16";
  }
  return "auto";
}

namespace {

[[noreturn]] void no_reduced_weights() {
  throw Error(ErrorCode::unsupported,
              "precision: this device streams with fp32 weights alone; use fp32, or the device cpu");
}

}  // namespace

std::int64_t Backend::reduced_size(const ReducedMatrix&) const {
  no_reduced_weights();
}
std::int64_t Backend::reduced_workspace(std::int64_t, std::int64_t) const {
  no_reduced_weights();
}
void Backend::reduced_pack(const ReducedPack&) {
  no_reduced_weights();
}
void Backend::reduced_dense(const ReducedDense&) {
  no_reduced_weights();
}
void Backend::reduced_lstm(const ReducedLstm&) {
  no_reduced_weights();
}

std::unique_ptr<Backend> make_backend(DeviceChoice choice, int threads, Precision precision) {
  const bool has_cuda = cuda::built() && cuda::unavailable_reason().empty();
  if (choice == DeviceChoice::cuda || (choice == DeviceChoice::automatic && has_cuda)) {
    return cuda::make_backend(precision);
  }
  if (precision == Precision::tf32 || precision == Precision::bf16) {
    throw Error(ErrorCode::unsupported,
                std::string("precision: expected fp32, which is what the CPU computes in, got ") +
                    precision_name(precision) + "; leave it out, or use a CUDA device");
  }
  return cpu::make_backend(threads);
}

std::vector<DeviceInfo> list_devices() {
  std::vector<DeviceInfo> devices = cuda::devices();
  devices.insert(devices.begin(), cpu::device_info());
  return devices;
}

EngineInfo engine_info() {
  return {RONDO_VERSION, cpu::selected_simd(), cuda::built(), cuda::architectures(), cuda::unavailable_reason()};
}

}  // namespace rondo
