#pragma once

// What a network is made of, and the passes over it. Public classes only guard and delegate.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "network/batch_check.h"
#include "network/buffers.h"
#include "network/plan.h"
#include "rondo/network.h"

namespace rondo {

/// Kept h and c of all LSTM layers' forward directions: per layer h [B, H], then c [B, H], in one block.
class CarriedState {
 public:
  CarriedState() = default;
  explicit CarriedState(std::shared_ptr<Backend> backend) : memory_(std::move(backend)) {}

  std::int64_t batch() const { return batch_; }  ///< 0: nothing kept
  /// Zeroes; the batch may change.
  void start(const NetworkPlan& plan, Backend& backend, std::int64_t batch);
  void clear() { batch_ = 0; }
  void release() {
    clear();
    memory_.release();
  }
  float* h(const NetworkPlan& plan, int state) const;
  float* c(const NetworkPlan& plan, int state) const;
  std::size_t bytes() const { return memory_.bytes(); }
  const void* address() const { return memory_.data(); }
  static std::int64_t size(const NetworkPlan& plan, std::int64_t batch);

 private:
  DeviceMemory memory_;
  std::int64_t batch_ = 0;
};

/// Sequences of ops that a device may record.
enum class Recording : std::uint32_t { train, accumulate, evaluate, predict, steps, last_step };

/// Throws Error(spec).
void check_update(const UpdateOptions& options);

class NetworkCore {
 public:
  NetworkCore(const NetworkSpec& spec, const NetworkOptions& options);

  // Passes. `state` null: start from zero and keep nothing.
  void upload_inputs(const CheckedBatch& batch, Buffers& buffers);
  /// Inputs and targets; at once where they were staged.
  void upload_batch(const CheckedBatch& batch, Buffers& buffers);
  /// Of the batch after the one that runs, from another thread. Throws Error(shape).
  void stage(const Batch& batch);
  /// What the masks and the update take from the call. Training.
  void upload_numbers(const Batch& batch, const UpdateOptions& options, double weight_sum, Buffers& buffers);
  void load_state(Buffers& buffers, const CarriedState* state);
  /// With `only_if` (device): only where it is not 0.
  void keep_state(const Buffers& buffers, CarriedState& state, const std::int32_t* only_if = nullptr);
  /// Inputs and layers; equations in the ops. The trunk's output is in buffers.trunk.
  void forward(Buffers& buffers, const CheckedBatch& batch);
  void forward_head(Buffers& buffers, std::size_t head);
  /// Losses of all heads; with training, the heads' outputs become their gradients.
  void losses(Buffers& buffers);
  void backward(Buffers& buffers, const CheckedBatch& batch);
  void commit_moving_statistics(const Buffers& buffers, const std::int32_t* only_if = nullptr);

  // Whole calls.
  StepResult train_step(const Batch& batch, const UpdateOptions& options);
  StepResult accumulate(const Batch& batch);
  UpdateResult update(const UpdateOptions& options);
  EvaluationResult evaluate(const Batch& batch, WeightPrecision weight_precision);
  void predict(const Batch& batch, std::span<float> out);
  /// For the fp32 ops. Another precision rounds the matrices on the way: the values that a stream multiplies with.
  void pack_weights(bool transposes, WeightPrecision weight_precision = WeightPrecision::fp32);
  /// To be called when parameters have got other values.
  void weights_changed();
  /// The copy that streams of this precision share; it lives as long as one of them.
  std::shared_ptr<ReducedWeights> reduced_weights(WeightPrecision weight_precision);
  void clear_gradients();
  /// Frees the blocks; what is on the host stays readable.
  void dispose();
  std::uint64_t memory_bytes() const;
  std::uint64_t forecast_bytes(const BatchShape& shape) const;
  void reserve(const BatchShape& shape);
  /// Of the ops that `what` orders for the batch in `buffers`; `owner` is the memory that they work on.
  RecordingKey recording_key(Recording what, const Buffers& buffers, const CheckedBatch& batch, const void* owner,
                             const CarriedState* state) const;

  float* parameter(int index) const { return parameters.floats() + plan.entry(index).offset; }
  float* gradient(int index) const { return gradients.floats() + plan.entry(index).offset; }

  std::shared_ptr<Backend> backend;
  NetworkPlan plan;
  OptimizerSpec optimizer;
  DeviceInfo device;
  int threads = 0;
  Precision precision = Precision::fp32;
  std::uint64_t seed = 0;

  DeviceMemory parameters, gradients, slots, packed, arena;
  std::size_t slot_count = 0;
  Buffers buffers;
  CarriedState training_state, evaluation_state;
  CheckedBatch checked;
  std::vector<UploadPiece> pieces;
  // stage()'s own, under the mutex.
  CheckedBatch next_checked;
  std::vector<UploadPiece> next_pieces;
  std::vector<double> host_loss, host_hits;
  double accumulated_weight = 0;
  bool accumulated = false;  ///< something waits for update()
  bool weights_packed = false, transposes_packed = false;
  WeightPrecision packed_precision = WeightPrecision::fp32;
  std::uint64_t weights_version = 1;
  std::weak_ptr<ReducedWeights> reduced[2];  ///< bf16, int8
  std::atomic<std::uint64_t> step_count{0};
  std::atomic<std::uint64_t> stream_bytes{0};

  // Guards.
  std::mutex mutex;
  std::condition_variable idle;
  bool running = false, disposed = false;

 private:
  /// What goes up of a batch, in one order; `buffers` null: for no place yet.
  void list_inputs(const CheckedBatch& batch, const Buffers* buffers, std::vector<UploadPiece>& out) const;
  void list_targets(const CheckedBatch& batch, const Buffers* buffers, std::vector<UploadPiece>& out) const;
  void forward_inputs(Buffers& buffers);
  void forward_layer(Buffers& buffers, std::size_t index, const CheckedBatch& batch);
  /// Fills the direction's masks.
  LstmForward prepare_forward(Buffers& buffers, std::size_t index, int direction, const CheckedBatch& batch);
  LstmBackward prepare_backward(Buffers& buffers, std::size_t index, int direction, const CheckedBatch& batch);
  void forward_lstm(Buffers& buffers, std::size_t index, const CheckedBatch& batch);
  void forward_dense(Buffers& buffers, std::size_t index, std::int64_t rows);
  void forward_reduced_lstm(Buffers& buffers, std::size_t index);
  void forward_batch_norm(Buffers& buffers, std::size_t index, const CheckedBatch& batch);
  void forward_dropout(Buffers& buffers, std::size_t index);
  void backward_heads(Buffers& buffers);
  /// dy of layer `index` → its dx.
  void backward_layer(Buffers& buffers, std::size_t index, const CheckedBatch& batch);
  void backward_lstm(Buffers& buffers, std::size_t index, const CheckedBatch& batch);
  void backward_inputs(Buffers& buffers, const float* dx);
  LstmShape shape_with_borders(const Buffers& buffers, std::size_t index, int direction, const CheckedBatch& batch);
  const std::uint8_t* valid(const Buffers& buffers, const LayerPlan& layer, const CheckedBatch& batch) const;
  CarriedState* prepare_state(const Batch& batch, CarriedState& state);
  void collect(const CheckedBatch& batch, StepResult& result);
  void train_ops(CarriedState* state);
  /// The rule over all runs of trainable parameters; `op` says how far.
  void apply_update(OptimizerUpdate op);
  const float* rounded(int index, bool transposed, WeightPrecision weight_precision, DeviceMemory& scratch,
                       std::vector<float>& host) const;
};

/// Held while a call runs; throws Error(busy) or Error(disposed).
class CallGuard {
 public:
  explicit CallGuard(NetworkCore& core);
  ~CallGuard();
  CallGuard(const CallGuard&) = delete;
  CallGuard& operator=(const CallGuard&) = delete;

 private:
  NetworkCore& core_;
};

}  // namespace rondo
