#pragma once

// A network that trains, evaluates, predicts and streams. Calls on one network never overlap: a second call while
// one runs throws Error(busy). After dispose() every call throws Error(disposed). All pointers in arguments are
// borrowed for the duration of the call and are never written unless the contract says so.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/device.h"
#include "rondo/error.h"
#include "rondo/network_spec.h"
#include "rondo/optimizer.h"
#include "rondo/parameters.h"
#include "rondo/precision.h"
#include "rondo/tensor.h"

namespace rondo {

struct NetworkOptions {
  std::uint64_t seed = 0;
  DeviceChoice device = DeviceChoice::automatic;
  int threads = 0;  ///< CPU threads; 0 = all hardware threads
  Precision precision = Precision::automatic;
  OptimizerSpec optimizer = {};
};

/// Data of one input or head. Exactly one of the two spans is used, by the kind of the input or head.
struct NamedData {
  std::string name;
  std::span<const std::int32_t> ids;
  std::span<const float> values;
};

/// Time-major. Row b at time t is element t * batch + b. "Rows of the trunk's output" are [T][B] when the trunk
/// returns sequences, else [B].
struct Batch {
  std::int64_t batch = 0;
  std::int64_t time = 0;
  std::vector<NamedData> inputs;   ///< one per input, any order: ids [T][B], or floats [T][B][units]
  std::vector<NamedData> targets;  ///< one per head (train, accumulate, evaluate): ids [rows] or floats [rows][units]
  std::span<const float> weights;  ///< loss weights [rows], ≥ 0; empty = all 1
  std::span<const std::int32_t> lengths;  ///< [B], 0 … time; empty = all `time`. Later steps: no loss, state frozen
  std::span<const std::uint8_t> resets;   ///< [T][B], 1 = the state of the row is zero before step t: a border that
                                          ///< no direction carries state (or gradient) across; empty = none.
                                          ///< Ignored at steps past the row's length
  bool carry_state = false;               ///< start from the state the last such call left (same batch), and leave it;
                                          ///< forward directions only, backward ones start from zero in every call
  std::int64_t row_offset = 0;            ///< global index of row 0 (dropout masks of a data-parallel slice)
};

struct StepResult {
  double loss = 0;        ///< loss_sum / weight_sum, nats for softmax heads; 0 when weight_sum is 0
  double loss_sum = 0;    ///< Σ over heads and rows of head weight · row weight · loss; smoothed in training alone
  double weight_sum = 0;  ///< Σ of the row weights inside the lengths
  double hits = 0;        ///< Σ of the row weights whose arg-max of the first softmax head is the target (lowest index
                          ///< wins a tie); 0 without a softmax head
  double gradient_norm = 0;  ///< train_step: global norm of the mean gradient before clipping
  bool finite = true;        ///< false: the loss or the gradient norm is NaN or infinite
  bool updated = false;      ///< train_step: parameters changed. A non-finite step leaves them, and step_count, alone
};

struct RowSums {               ///< [B] each, sums over the row's steps
  std::vector<double> nll;     ///< weighted loss; adds up to loss_sum
  std::vector<double> hits;    ///< adds up to hits
  std::vector<double> weight;  ///< adds up to weight_sum
};

struct EvaluationResult : StepResult {
  RowSums rows;
};

struct UpdateOptions {
  double learning_rate = 1e-3;
  double clip_norm = 0;  ///< global norm over all gradients; 0 = no clipping
};

struct UpdateResult {
  double gradient_norm = 0;  ///< of the mean gradient, before clipping
  bool finite = true;
  bool updated = false;  ///< false when not finite: parameters and step count are left, gradients are cleared
};

enum class TensorGroup {
  parameters,       ///< with batch norm's moving statistics
  gradients,        ///< of the mean loss over everything accumulated since the last update; trainable parameters only
  optimizer_slots,  ///< "<slot>.<parameter>", trainable parameters only
  training_state    ///< "layers.<i>.h", "layers.<i>.c" [B, H] of the training rows; empty before the first carried step
};

class NetworkCore;

/// Kept state of `rows` independent sequences, in inference mode. Holds the network's core alive; every call after
/// the network's dispose() throws Error(disposed), and Error(busy) while a call on the network runs.
class Stream {
 public:
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  std::int64_t rows() const;
  /// Width of what step() and steps() give: the first softmax head's vocabulary.
  std::int64_t vocabulary() const;
  WeightPrecision precision() const;
  /// Bytes of weights that one step reads.
  std::uint64_t weight_bytes() const;

  /// One time step. `inputs` as in Batch with T = 1. Writes logits [rows][vocabulary] into `logits`.
  void step(std::span<const NamedData> inputs, std::span<float> logits);
  /// The same with one id per row for a network with a single id input.
  void step(std::span<const std::int32_t> ids, std::span<float> logits);
  /// `count` ≥ 1 time steps, ids [count][rows] of the single id input; writes the last step's logits.
  /// Gives the same bits as `count` calls of step().
  void steps(std::span<const std::int32_t> ids, std::int64_t count, std::span<float> logits);
  /// The same for any inputs, as in Batch with T = count.
  void steps(std::span<const NamedData> inputs, std::int64_t count, std::span<float> logits);

  /// Zeroes the state of one row, or of all (row = -1).
  void reset(std::int64_t row = -1);
  /// Floats of the whole state: Σ over LSTM layers of 2 · rows · H, laid out [layer][h, c][rows][H].
  std::int64_t state_size() const;
  void read_state(std::span<float> out) const;
  void write_state(std::span<const float> state);

 private:
  friend class Network;
  struct Impl;
  explicit Stream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Network {
 public:
  /// Builds and initialises. Throws Error(spec | device | memory).
  static std::unique_ptr<Network> create(const NetworkSpec& spec, const NetworkOptions& options);
  ~Network();  ///< as dispose()
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Facts; valid until dispose().
  const NetworkSpec& spec() const;
  const OptimizerSpec& optimizer() const;
  const std::vector<ParameterInfo>& parameters() const;  ///< bundle order
  std::int64_t parameter_count() const;                  ///< moving statistics included
  const DeviceInfo& device() const;
  int threads() const;
  Precision precision() const;         ///< never automatic
  std::uint64_t memory_bytes() const;  ///< everything the engine holds for this network and its streams now
  bool returns_sequences() const;      ///< rows of the trunk's output: true [T][B], false [B]

  /// Bytes that memory_bytes() will give once batches of `time` steps by `batch` rows have been trained on.
  std::uint64_t forecast_bytes(std::int64_t time, std::int64_t batch) const;
  /// Takes the memory for such batches now. Error(memory), with what is needed, what is there and the largest batch
  /// that fits, when the device has too little.
  void reserve(std::int64_t time, std::int64_t batch);

  /// Updates done = RNG counter and Adam's t. Setting it resumes a run.
  std::uint64_t step_count() const;
  void set_step_count(std::uint64_t count);

  /// accumulate + update. Throws Error(shape) before anything is computed or changed.
  StepResult train_step(const Batch& batch, const UpdateOptions& update);
  /// The batch that train_step(), accumulate() or evaluate() will be called with next: it goes up to the device while
  /// the device works on the one before. May be called while such a call runs on another thread. Its bytes are copied
  /// away and compared when they are wanted: another batch that comes instead is simply uploaded. Does nothing on the
  /// CPU. Throws Error(shape) like the call itself.
  void stage(const Batch& batch);
  /// Forward and backward in training mode; adds the gradients of loss_sum, and weight_sum to the divisor that
  /// update() uses, so that several accumulated batches count like one large one.
  StepResult accumulate(const Batch& batch);
  /// Applies the mean gradient and clears it. Without an accumulated batch it is Error(shape).
  UpdateResult update(const UpdateOptions& options);
  /// Inference mode, with a carried state of its own. With a precision: as the streams of that precision see the
  /// weights, rounded, but multiplied in fp32.
  EvaluationResult evaluate(const Batch& batch, WeightPrecision precision = WeightPrecision::fp32);
  /// Probabilities of the first softmax head into `out`, prediction_size(batch) floats: [rows][vocabulary].
  /// Inference mode; carries evaluate()'s state when asked to. Targets and weights are ignored.
  void predict(const Batch& batch, std::span<float> out);
  std::int64_t prediction_size(const Batch& batch) const;

  /// Names and shapes of a group, in bundle order.
  std::vector<TensorInfo> tensors(TensorGroup group) const;
  /// Copies the group out; destinations[i] has element_count(tensors(group)[i].shape) floats.
  void read(TensorGroup group, std::span<float* const> destinations) const;
  /// Replaces the group. The names must be those of tensors(group), each once, with the same shapes (training_state:
  /// any common batch); else Error(shape) and nothing is changed. Written gradients count as a mean gradient.
  void write(TensorGroup group, std::span<const TensorView> sources);
  /// Zeroes the carried states of training and of evaluation.
  void reset_state();

  /// Uni-directional networks whose trunk has a softmax head; else Error(unsupported). Streams of a reduced precision
  /// share one copy of the weights; on the CPU only.
  std::unique_ptr<Stream> open_stream(std::int64_t rows, WeightPrecision precision = WeightPrecision::fp32);

  /// Frees everything. Idempotent; waits for a running call.
  void dispose();
  bool disposed() const noexcept;

 private:
  explicit Network(std::shared_ptr<NetworkCore> core);
  std::shared_ptr<NetworkCore> core_;
};

}  // namespace rondo
