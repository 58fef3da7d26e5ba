#pragma once

// The one dispatch point between what a network orders and the device that does it. A backend owns its device's
// memory and ops; one network uses one backend, from one thread at a time.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "rondo/device.h"
#include "rondo/ops.h"
#include "rondo/optimizer.h"

namespace rondo {

/// What tells recorded sequences of ops apart: whose they are and everything that their order or pointers depend on.
struct RecordingKey {
  std::uint64_t parts[6] = {};
};

/// Bytes of the host and where they go on the device.
struct UploadPiece {
  void* device = nullptr;
  const void* host = nullptr;
  std::size_t bytes = 0;
};

class Backend {
 public:
  virtual ~Backend();

  virtual const DeviceInfo& device() const = 0;
  virtual int threads() const = 0;
  /// Never automatic.
  virtual Precision precision() const = 0;
  /// Bytes that the backend holds for itself (packing scratch); what allocate() gave is not in it.
  virtual std::uint64_t scratch_bytes() const = 0;
  /// Bytes that allocate() could still give; 0 when unknown.
  virtual std::uint64_t available_bytes() const;

  /// Runs `ops`, which order ops of this backend and nothing else. A device may record them and play the recording
  /// when the same key comes again: so the ops must be the same for the same key, with the same pointers, and take what
  /// changes from call to call out of device memory (CallNumbers).
  virtual void play(const RecordingKey& key, const std::function<void()>& ops);

  // Memory: 64-byte aligned. allocate throws Error(memory); release takes null too.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void release(void* memory) noexcept = 0;
  virtual void upload(void* device, const void* host, std::size_t bytes) = 0;
  /// Whether stage() does anything.
  virtual bool stages() const { return false; }
  /// From any thread, also while a call runs on another one: starts bytes up that upload_all() will ask for. Their
  /// places do not matter yet. Forgets what was staged before.
  virtual void stage(const UploadPiece* pieces, std::size_t count);
  /// Uploads all of them; those bytes that were staged are up already.
  virtual void upload_all(const UploadPiece* pieces, std::size_t count);
  virtual void download(void* host, const void* device, std::size_t bytes) = 0;
  virtual void zero(void* device, std::size_t bytes) = 0;

  virtual void copy_columns(const CopyColumns& op) = 0;
  virtual void embedding_forward(const IdInput& op) = 0;
  virtual void embedding_backward(const EmbeddingBackward& op) = 0;
  virtual void scalar_forward(const IdInput& op) = 0;
  virtual void one_hot_forward(const IdInput& op) = 0;

  virtual std::int64_t lstm_packed_size(std::int64_t input, std::int64_t units) const = 0;
  /// Floats of LstmForward::gates.
  virtual std::int64_t lstm_gates_size(const LstmShape& shape) const = 0;
  virtual std::int64_t lstm_workspace(const LstmShape& shape) const = 0;
  /// Whether the LSTM ops take rows of a trained table for their input (shape.vocabulary) and gain by it.
  virtual bool lstm_takes_table(const LstmShape&) const { return false; }
  /// Whether dx may lie over dy: same rows (dy_stride = I), a gradient for every step, no add_dx.
  virtual bool lstm_dx_over_dy() const { return false; }
  virtual void lstm_pack(const LstmPack& op) = 0;
  virtual void lstm_forward(const LstmForward& op) = 0;
  virtual void lstm_backward(const LstmBackward& op) = 0;
  /// Both directions of one layer: of the same sizes, with one workspace. One after the other, unless a backend has
  /// room for more.
  virtual void lstm_forward_both(const LstmForward& forward, const LstmForward& reverse);
  virtual void lstm_backward_both(const LstmBackward& forward, const LstmBackward& reverse);

  virtual std::int64_t dense_packed_size(std::int64_t input, std::int64_t output) const = 0;
  virtual void dense_pack(const DensePack& op) = 0;
  virtual void dense_forward(const DenseForward& op) = 0;
  virtual void dense_backward(const DenseBackward& op) = 0;

  // Weights in fewer bits, for streams. A backend that has none of this leaves all five alone: they throw
  // Error(unsupported).
  virtual std::int64_t reduced_size(const ReducedMatrix& matrix) const;  ///< bytes
  virtual std::int64_t reduced_workspace(std::int64_t rows, std::int64_t units) const;
  virtual void reduced_pack(const ReducedPack& op);
  virtual void reduced_dense(const ReducedDense& op);
  virtual void reduced_lstm(const ReducedLstm& op);

  virtual void activation_forward(const ActivationForward& op) = 0;
  virtual void activation_backward(const ActivationBackward& op) = 0;
  virtual void batch_norm_forward(const BatchNormForward& op) = 0;
  virtual void batch_norm_backward(const BatchNormBackward& op) = 0;
  virtual void fill_mask(const FillMask& op) = 0;
  virtual void apply_mask(const ApplyMask& op) = 0;

  virtual void softmax_cross_entropy(const SoftmaxCrossEntropy& op) = 0;
  virtual void mean_squared_error(const MeanSquaredError& op) = 0;

  /// Σ x², in double, in an order that depends on `count` alone. Equation 21.
  virtual double sum_of_squares(const float* x, std::int64_t count) = 0;
  virtual void sum_losses(const SumLosses& op) = 0;
  virtual void judge_gradient(const JudgeGradient& op) = 0;
  virtual void rmsprop(const OptimizerSpec& spec, const OptimizerUpdate& op) = 0;
  virtual void adam(const OptimizerSpec& spec, const OptimizerUpdate& op) = 0;
  virtual void adamw(const OptimizerSpec& spec, const OptimizerUpdate& op) = 0;
};

/// The backend for a choice: cpu; cuda, or Error(device) with the reason; automatic = cuda where there is one.
/// `threads` as in NetworkOptions; ignored by CUDA. Error(unsupported) for a precision that the device does not have.
std::unique_ptr<Backend> make_backend(DeviceChoice choice, int threads, Precision precision = Precision::automatic);

}  // namespace rondo
