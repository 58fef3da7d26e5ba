// The CPU as a Backend: memory, and one line per op.

#include "cpu/cpu_ops.h"
#include "cpu/host/memory.h"
#include "cpu/lstm.h"
#include "cpu/reduced.h"
#include "rondo/backend.h"
#include "rondo/error.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

// What the numbers of a call change in an op.

FillMask resolved(FillMask op) {
  if (!op.numbers) return op;
  op.base.step += op.numbers->step;
  op.base.row += op.numbers->row_offset;
  return op;
}

OptimizerUpdate resolved(OptimizerUpdate op) {
  if (!op.numbers) return op;
  op.learning_rate = op.numbers->learning_rate;
  op.gradient_scale = op.outcome->gradient_scale;
  op.step = std::uint64_t{op.numbers->step} + 1;
  if (!op.outcome->update) op.count = 0;
  return op;
}

class CpuBackend final : public Backend {
 public:
  CpuBackend(const DeviceInfo& device, int threads) : device_(device), context_(threads) {}

  const DeviceInfo& device() const override { return device_; }
  int threads() const override { return context_.threads(); }
  Precision precision() const override { return Precision::fp32; }
  std::uint64_t scratch_bytes() const override { return context_.scratch_bytes(); }

  void* allocate(std::size_t bytes) override {
    void* memory = allocate_memory(bytes);
    if (!memory) throw Error(ErrorCode::memory, "could not allocate memory for the network; use a smaller batch");
    return memory;
  }
  void release(void* memory) noexcept override { release_memory(memory); }
  // A block of nothing has no address, and must not be handed on.
  void upload(void* device, const void* host, std::size_t bytes) override {
    if (bytes > 0) std::memcpy(device, host, bytes);
  }
  void download(void* host, const void* device, std::size_t bytes) override {
    if (bytes > 0) std::memcpy(host, device, bytes);
  }
  void zero(void* device, std::size_t bytes) override {
    if (bytes > 0) std::memset(device, 0, bytes);
  }

  void copy_columns(const CopyColumns& op) override {
    if (!op.only_if || *op.only_if) RONDO_ISA::copy_columns(context_, op);
  }
  void embedding_forward(const IdInput& op) override { RONDO_ISA::embedding_forward(context_, op); }
  void embedding_backward(const EmbeddingBackward& op) override { RONDO_ISA::embedding_backward(context_, op); }
  void scalar_forward(const IdInput& op) override { RONDO_ISA::scalar_forward(context_, op); }
  void one_hot_forward(const IdInput& op) override { RONDO_ISA::one_hot_forward(context_, op); }

  std::int64_t lstm_packed_size(std::int64_t input, std::int64_t units) const override {
    return LstmPanels(input, units).size;
  }
  std::int64_t lstm_gates_size(const LstmShape& shape) const override { return RONDO_ISA::lstm_gates_size(shape); }
  std::int64_t lstm_workspace(const LstmShape& shape) const override { return lstm_workspace_size(shape); }
  bool lstm_takes_table(const LstmShape& shape) const override { return RONDO_ISA::lstm_takes_table(shape); }
  bool lstm_dx_over_dy() const override { return true; }
  void lstm_pack(const LstmPack& op) override { RONDO_ISA::lstm_pack(context_, op); }
  void lstm_forward(const LstmForward& op) override { RONDO_ISA::lstm_forward(context_, op); }
  void lstm_backward(const LstmBackward& op) override { RONDO_ISA::lstm_backward(context_, op); }

  std::int64_t dense_packed_size(std::int64_t input, std::int64_t output) const override {
    return packed_size(input, output) + packed_size(output, input);
  }
  void dense_pack(const DensePack& op) override { RONDO_ISA::dense_pack(context_, op); }
  void dense_forward(const DenseForward& op) override { RONDO_ISA::dense_forward(context_, op); }
  void dense_backward(const DenseBackward& op) override { RONDO_ISA::dense_backward(context_, op); }

  std::int64_t reduced_size(const ReducedMatrix& matrix) const override { return RONDO_ISA::reduced_size(matrix); }
  std::int64_t reduced_workspace(std::int64_t rows, std::int64_t units) const override {
    return RONDO_ISA::reduced_workspace(rows, units);
  }
  void reduced_pack(const ReducedPack& op) override { RONDO_ISA::reduced_pack(context_, op); }
  void reduced_dense(const ReducedDense& op) override { RONDO_ISA::reduced_dense(context_, op); }
  void reduced_lstm(const ReducedLstm& op) override { RONDO_ISA::reduced_lstm(context_, op); }

  void activation_forward(const ActivationForward& op) override { RONDO_ISA::activation_forward(context_, op); }
  void activation_backward(const ActivationBackward& op) override { RONDO_ISA::activation_backward(context_, op); }
  void batch_norm_forward(const BatchNormForward& op) override { RONDO_ISA::batch_norm_forward(context_, op); }
  void batch_norm_backward(const BatchNormBackward& op) override { RONDO_ISA::batch_norm_backward(context_, op); }
  void fill_mask(const FillMask& op) override { RONDO_ISA::fill_mask(context_, resolved(op)); }
  void apply_mask(const ApplyMask& op) override { RONDO_ISA::apply_mask(context_, op); }

  void softmax_cross_entropy(const SoftmaxCrossEntropy& op) override { RONDO_ISA::softmax_cross_entropy(context_, op); }
  void mean_squared_error(const MeanSquaredError& op) override { RONDO_ISA::mean_squared_error(context_, op); }

  double sum_of_squares(const float* x, std::int64_t count) override {
    return RONDO_ISA::sum_of_squares(context_, x, count);
  }
  void sum_losses(const SumLosses& op) override { RONDO_ISA::sum_losses(op); }
  void judge_gradient(const JudgeGradient& op) override { RONDO_ISA::judge_gradient(context_, op); }
  void rmsprop(const OptimizerSpec& spec, const OptimizerUpdate& op) override {
    RONDO_ISA::rmsprop(context_, spec, resolved(op));
  }
  void adam(const OptimizerSpec& spec, const OptimizerUpdate& op) override {
    RONDO_ISA::adam(context_, spec, resolved(op));
  }
  void adamw(const OptimizerSpec& spec, const OptimizerUpdate& op) override {
    RONDO_ISA::adamw(context_, spec, resolved(op));
  }

 private:
  const DeviceInfo device_;
  CpuContext context_;
};

}  // namespace

Backend* make_cpu_backend(const DeviceInfo& device, int threads);

Backend* make_cpu_backend(const DeviceInfo& device, int threads) {
  return new CpuBackend(device, threads);
}

}  // namespace rondo::cpu::RONDO_ISA
