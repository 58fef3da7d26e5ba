// A CUDA device as a Backend: memory, copies, recordings, and one line per op.

#include "cuda/cuda_backend.h"

#include "cuda/cuda_ops.h"
#include "cuda/devices.h"
#include "cuda/incoming.h"
#include "cuda/recordings.h"
#include "cuda/staging.h"
#include "rondo/error.h"

namespace rondo::cuda {
namespace {

class CudaBackend final : public Backend {
 public:
  CudaBackend(const DeviceFacts& facts, Precision precision)
      : device_(device_info(facts)),
        context_(facts, precision),
        staging_(context_.stream()),
        incoming_(context_.stream()),
        recordings_(context_) {}

  const DeviceInfo& device() const override { return device_; }
  int threads() const override { return 1; }
  Precision precision() const override { return context_.precision(); }
  std::uint64_t scratch_bytes() const override { return context_.scratch_bytes() + incoming_.bytes() + sizeof(double); }
  std::uint64_t available_bytes() const override {
    use_device(device_.index);
    return memory_state().free;
  }

  void play(const RecordingKey& key, const std::function<void()>& ops) override {
    use_device(device_.index);
    recordings_.play(key, ops);
  }

  void* allocate(std::size_t bytes) override {
    use_device(device_.index);
    return allocate_device(bytes);
  }
  void release(void* memory) noexcept override { free_device(memory); }
  void upload(void* device, const void* host, std::size_t bytes) override {
    outside_capture();
    staging_.upload(device, host, bytes);
  }
  bool stages() const override { return true; }
  void stage(const UploadPiece* pieces, std::size_t count) override {
    use_device(device_.index);
    incoming_.stage(pieces, count);
  }
  void upload_all(const UploadPiece* pieces, std::size_t count) override {
    outside_capture();
    if (!incoming_.take(pieces, count)) Backend::upload_all(pieces, count);
  }
  void download(void* host, const void* device, std::size_t bytes) override {
    outside_capture();
    if (staging_.download(host, device, bytes, context_.failure()) == 0) return;
    throw Error(ErrorCode::device, "the CUDA device " + device_.name +
                                       " failed: blocks of a kernel waited for one another in vain; start again with "
                                       "RONDO_CUDA_LSTM=graph, or use device 'cpu'");
  }
  void zero(void* device, std::size_t bytes) override {
    use_device(device_.index);
    if (bytes > 0) fill_bytes(device, 0, bytes, context_.stream());
  }

  void copy_columns(const CopyColumns& op) override { cuda::copy_columns(context_, op); }
  void embedding_forward(const IdInput& op) override { cuda::embedding_forward(context_, op); }
  void embedding_backward(const EmbeddingBackward& op) override { cuda::embedding_backward(context_, op); }
  void scalar_forward(const IdInput& op) override { cuda::scalar_forward(context_, op); }
  void one_hot_forward(const IdInput& op) override { cuda::one_hot_forward(context_, op); }

  std::int64_t lstm_packed_size(std::int64_t input, std::int64_t units) const override {
    return cuda::lstm_packed_size(context_, input, units);
  }
  std::int64_t lstm_gates_size(const LstmShape& shape) const override { return cuda::lstm_gates_size(context_, shape); }
  std::int64_t lstm_workspace(const LstmShape& shape) const override { return lstm_workspace_size(context_, shape); }
  void lstm_pack(const LstmPack& op) override { cuda::lstm_pack(context_, op); }
  void lstm_forward(const LstmForward& op) override { cuda::lstm_forward(context_, op); }
  void lstm_backward(const LstmBackward& op) override { cuda::lstm_backward(context_, op); }
  void lstm_forward_both(const LstmForward& forward, const LstmForward& reverse) override {
    cuda::lstm_forward_both(context_, forward, reverse);
  }
  void lstm_backward_both(const LstmBackward& forward, const LstmBackward& reverse) override {
    cuda::lstm_backward_both(context_, forward, reverse);
  }

  std::int64_t dense_packed_size(std::int64_t input, std::int64_t output) const override {
    return cuda::dense_packed_size(input, output);
  }
  void dense_pack(const DensePack& op) override { cuda::dense_pack(context_, op); }
  void dense_forward(const DenseForward& op) override { cuda::dense_forward(context_, op); }
  void dense_backward(const DenseBackward& op) override { cuda::dense_backward(context_, op); }

  void activation_forward(const ActivationForward& op) override { cuda::activation_forward(context_, op); }
  void activation_backward(const ActivationBackward& op) override { cuda::activation_backward(context_, op); }
  void batch_norm_forward(const BatchNormForward& op) override { cuda::batch_norm_forward(context_, op); }
  void batch_norm_backward(const BatchNormBackward& op) override { cuda::batch_norm_backward(context_, op); }
  void fill_mask(const FillMask& op) override { cuda::fill_mask(context_, op); }
  void apply_mask(const ApplyMask& op) override { cuda::apply_mask(context_, op); }

  void softmax_cross_entropy(const SoftmaxCrossEntropy& op) override { cuda::softmax_cross_entropy(context_, op); }
  void mean_squared_error(const MeanSquaredError& op) override { cuda::mean_squared_error(context_, op); }

  double sum_of_squares(const float* x, std::int64_t count) override {
    auto* sum = reinterpret_cast<double*>(static_cast<char*>(context_.scratch(kSumPlace + sizeof(double))) + kSumPlace);
    cuda::sum_of_squares(context_, x, count, sum);
    double result = 0;
    download(&result, sum, sizeof(result));
    return result;
  }
  void sum_losses(const SumLosses& op) override { cuda::sum_losses(context_, op); }
  void judge_gradient(const JudgeGradient& op) override { cuda::judge_gradient(context_, op); }
  void rmsprop(const OptimizerSpec& spec, const OptimizerUpdate& op) override { cuda::rmsprop(context_, spec, op); }
  void adam(const OptimizerSpec& spec, const OptimizerUpdate& op) override { cuda::adam(context_, spec, op); }
  void adamw(const OptimizerSpec& spec, const OptimizerUpdate& op) override { cuda::adamw(context_, spec, op); }

 private:
  /// Behind what sum_of_squares() itself uses of the scratch.
  static constexpr std::size_t kSumPlace = 64 << 10;

  void outside_capture() {
    if (context_.capturing()) throw Error(ErrorCode::internal, "a copy to or from the host inside a recording");
    use_device(device_.index);
  }

  const DeviceInfo device_;
  CudaContext context_;
  Staging staging_;
  Incoming incoming_;
  Recordings recordings_;
};

}  // namespace

std::unique_ptr<Backend> make_backend(Precision precision) {
  const DeviceFacts facts = chosen_device();
  const bool automatic = precision == Precision::automatic;
  return std::unique_ptr<Backend>(new CudaBackend(facts, automatic ? Precision::bf16 : precision));
}

}  // namespace rondo::cuda
