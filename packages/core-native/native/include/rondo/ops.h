#pragma once

// Arguments of the ops that a backend offers. All pointers are device memory of that backend, borrowed, dense and
// row-major; outputs never alias inputs unless said. Legend: T time, B batch, N = rows (T·B for sequences, row b at
// time t is t·B + b), I inputs, O outputs, H units, V vocabulary, F features; d… = gradient of the loss sum.
// Gradients of parameters are added to what is there; other outputs are overwritten.

#include <cstdint>

#include "rondo/network_spec.h"
#include "rondo/precision.h"
#include "rondo/rng.h"

namespace rondo {

/// Numbers of one call in device memory: what changes from step to step while the ops stay the same.
struct CallNumbers {
  std::uint32_t step = 0;        ///< updates done; added to the masks' RandomAddress::step
  std::uint32_t row_offset = 0;  ///< added to RandomAddress::row
  double learning_rate = 0;
  double adam_rate = 0;  ///< learning_rate · √(1 − β2^t) / (1 − β1^t), t = step + 1
  double clip_norm = 0;  ///< 0 = no clipping
  double divisor = 1;    ///< weight sum of everything accumulated
};

/// What a training step comes to, in device memory: the only thing that it sends back.
struct StepOutcome {
  double loss_sum = 0, hits = 0;
  double gradient_norm = 0;   ///< of the mean gradient, before clipping
  double gradient_scale = 0;  ///< clipping and the division by the weight sum
  std::int32_t loss_finite = 0;
  std::int32_t update = 0;  ///< 1: loss and norm are finite, so the parameters change
};

/// Sums of the rows, in an order that depends on `rows` alone; with whether the loss is finite.
struct SumLosses {
  std::int64_t rows = 0;
  const double* loss = nullptr;  ///< [N]
  const double* hits = nullptr;  ///< [N]
  StepOutcome* outcome = nullptr;
};

/// The gradient's norm, its scale and whether there is an update, from the sum of losses before. Equations 21–22.
struct JudgeGradient {
  std::int64_t count = 0;
  const float* g = nullptr;
  const CallNumbers* numbers = nullptr;
  StepOutcome* outcome = nullptr;
};

/// dst[r][c] (+)= src[r][c], columns of wider matrices: concatenation, splitting, gathering of layer outputs.
struct CopyColumns {
  std::int64_t rows = 0, columns = 0;
  const float* src = nullptr;  ///< [rows] × src_stride
  std::int64_t src_stride = 0;
  float* dst = nullptr;  ///< [rows] × dst_stride
  std::int64_t dst_stride = 0;
  bool add = false;
  const std::int32_t* only_if = nullptr;  ///< nothing is done where this is given and 0
};

/// An id input written into `units` columns of the concatenated input.
struct IdInput {
  std::int64_t rows = 0, vocabulary = 0;
  std::int64_t units = 0;             ///< embedding: width of the table (1 for scalar, V for one-hot)
  const std::int32_t* ids = nullptr;  ///< [N], each in 0 … V−1
  const float* table = nullptr;       ///< embedding: [V, units]
  float* out = nullptr;               ///< [N] × out_stride
  std::int64_t out_stride = 0;
};

struct EmbeddingBackward {
  std::int64_t rows = 0, vocabulary = 0, units = 0;
  const std::int32_t* ids = nullptr;  ///< [N]
  const float* dy = nullptr;          ///< [N] × dy_stride
  std::int64_t dy_stride = 0;
  float* d_table = nullptr;  ///< [V, units], added to
};

/// One direction of an LSTM layer. Equations 1–12 of docs/lstm.md.
struct LstmShape {
  std::int64_t time = 0, batch = 0, input = 0, units = 0;
  bool reverse = false;  ///< runs from T−1 down to 0
  GateActivation gate_activation = GateActivation::sigmoid;
  int mask_count = 0;                     ///< 0 none, 1 shared by the gates, 4 one per gate (i, f, c, o)
  const float* masks = nullptr;           ///< [mask_count][B][H], values 0 or 1/(1−p)
  const std::int32_t* lengths = nullptr;  ///< [B] or null: all T
  const std::uint8_t* resets = nullptr;   ///< [T][B] or null: none
  /// Above 0 (only where Backend::lstm_takes_table() said so): row n of the input is row ids[n] of a trained table
  /// [vocabulary, I]; x and dx are not read or written.
  std::int64_t vocabulary = 0;
  const std::int32_t* ids = nullptr;  ///< [N]
};

struct LstmForward {
  LstmShape shape;
  const float* packed = nullptr;  ///< from lstm_pack
  const float* bias = nullptr;    ///< [4H]
  const float* x = nullptr;       ///< [N, I]
  float* gates = nullptr;         ///< out, lstm_gates_size(shape) floats: activated i, f, g, o, as the backend likes
  /// [T+1][B][H] states. Forward direction: slot 0 is the start state (in), slot t+1 the state after step t (out).
  /// Reverse: slot T is the start state (in), slot t the state after step t (out).
  float* h = nullptr;
  float* c = nullptr;
  float* workspace = nullptr;    ///< lstm_workspace(shape) floats
  const float* table = nullptr;  ///< [vocabulary, I], where the shape has a vocabulary
};

struct LstmBackward {
  LstmShape shape;
  const float* packed = nullptr;  ///< from lstm_pack with transposes
  const float* x = nullptr;       ///< [N, I]
  float* gates = nullptr;         ///< in: what the forward op left; out: dz, in the same order
  const float* h = nullptr;       ///< what the forward op left
  const float* c = nullptr;
  const float* dy = nullptr;  ///< [N] × dy_stride, or [B] × dy_stride with last_only
  std::int64_t dy_stride = 0;
  bool last_only = false;  ///< dy belongs to the last processed step alone
  float* dx = nullptr;     ///< [N, I] or null: not wanted; may be dy where Backend::lstm_dx_over_dy() says so
  bool add_dx = false;
  float* d_kernel = nullptr;     ///< [I, 4H], added to
  float* d_recurrent = nullptr;  ///< [H, 4H], added to
  float* d_bias = nullptr;       ///< [4H], added to
  float* workspace = nullptr;    ///< lstm_workspace(shape) floats
  const float* table = nullptr;  ///< [vocabulary, I] and its gradient, added to, where the shape has a vocabulary
  float* d_table = nullptr;
};

struct LstmPack {
  std::int64_t input = 0, units = 0;
  const float* kernel = nullptr;     ///< [I, 4H]
  const float* recurrent = nullptr;  ///< [H, 4H]
  bool transposes = false;           ///< also what the backward op reads
  float* packed = nullptr;           ///< lstm_packed_size(I, H) floats
};

/// y = x W + b. Equation 13. In all three ops `transposed` says that the kernel is given as [O, I]: a table's rows.
struct DenseForward {
  std::int64_t rows = 0, input = 0, output = 0;
  const float* packed = nullptr;  ///< from dense_pack
  const float* bias = nullptr;    ///< [O]
  const float* x = nullptr;       ///< [N, I]
  float* y = nullptr;             ///< [N, O]
  bool transposed = false;
};

struct DenseBackward {
  std::int64_t rows = 0, input = 0, output = 0;
  const float* packed = nullptr;  ///< from dense_pack with transposes
  const float* x = nullptr;       ///< [N, I]
  const float* dy = nullptr;      ///< [N, O]
  float* dx = nullptr;            ///< [N, I] or null
  bool add_dx = false;
  float* d_kernel = nullptr;  ///< [I, O], or [O, I] where it is transposed; added to
  float* d_bias = nullptr;    ///< [O], added to
  bool transposed = false;
};

struct DensePack {
  std::int64_t input = 0, output = 0;
  const float* kernel = nullptr;  ///< [I, O], or [O, I] where it is transposed
  bool transposes = false;        ///< also what the backward op reads
  float* packed = nullptr;        ///< dense_packed_size(I, O) floats
  bool transposed = false;
};

/// A matrix (I, O) whose weights are kept in fewer bits, for streams. Equations 29–30.
struct ReducedMatrix {
  WeightPrecision precision = WeightPrecision::bf16;  ///< not fp32
  std::int64_t input = 0, output = 0;
  bool gates = false;  ///< the columns are the four gates of an LSTM
};

struct ReducedPack {
  ReducedMatrix matrix;
  const float* weights = nullptr;  ///< [I, O]
  char* packed = nullptr;          ///< reduced_size(matrix) bytes
  bool transposed = false;         ///< weights are given as [O, I]; not with gates
};

/// y = x W + b.
struct ReducedDense {
  ReducedMatrix matrix;
  std::int64_t rows = 0;
  const char* packed = nullptr;  ///< from reduced_pack
  const float* bias = nullptr;   ///< [O]
  const float* x = nullptr;      ///< [N, I]
  float* y = nullptr;            ///< [N, O]
};

/// Equations 1–6 in the forward direction, without masks, lengths and borders: what a stream needs.
struct ReducedLstm {
  WeightPrecision precision = WeightPrecision::bf16;
  std::int64_t time = 0, batch = 0, input = 0, units = 0;
  GateActivation gate_activation = GateActivation::sigmoid;
  const char* kernel = nullptr;     ///< from reduced_pack, (I, 4H) in gates
  const char* recurrent = nullptr;  ///< (H, 4H)
  const float* bias = nullptr;      ///< [4H]
  const float* x = nullptr;         ///< [N, I]
  float* h = nullptr;               ///< [T+1][B][H]: slot 0 in, the others out
  float* c = nullptr;
  float* workspace = nullptr;  ///< reduced_workspace(T·B, H) floats
};

/// Element-wise (softmax: row-wise). y may be x, dx may be dy. Equation 14.
struct ActivationForward {
  Activation activation = Activation::linear;
  std::int64_t rows = 0, features = 0;
  const float* x = nullptr;
  float* y = nullptr;
};

struct ActivationBackward {
  Activation activation = Activation::linear;
  std::int64_t rows = 0, features = 0;
  const float* y = nullptr;  ///< what the forward op gave
  const float* dy = nullptr;
  float* dx = nullptr;
};

/// Statistics over the valid rows; every row is normalised. Equations 15–17.
struct BatchNormForward {
  std::int64_t rows = 0, features = 0;
  double momentum = 0.99, epsilon = 1e-3;
  bool training = false;
  const std::uint8_t* valid = nullptr;  ///< [N] or null: all
  const float* gamma = nullptr;         ///< [F]
  const float* beta = nullptr;
  float* moving_mean = nullptr;  ///< [F]; training: updated, unless no row is valid
  float* moving_variance = nullptr;
  float* mean = nullptr;               ///< [F] out, training: of this batch
  float* inverse_deviation = nullptr;  ///< [F] out, training: 1/√(variance + ε)
  const float* x = nullptr;            ///< [N, F]
  float* y = nullptr;
};

struct BatchNormBackward {
  std::int64_t rows = 0, features = 0;
  const std::uint8_t* valid = nullptr;
  const float* gamma = nullptr;
  const float* mean = nullptr;
  const float* inverse_deviation = nullptr;
  const float* x = nullptr;
  const float* dy = nullptr;  ///< 0 on rows that are not valid
  float* dx = nullptr;        ///< may be dy
  float* d_gamma = nullptr;   ///< added to
  float* d_beta = nullptr;
};

/// A dropout mask: out [times][rows][units], values 0 or 1/(1−rate), each from its own Philox address
/// (base.time + t, base.row + r, unit).
struct FillMask {
  std::uint64_t seed = 0;
  RandomAddress base;
  double rate = 0;
  std::int64_t times = 1, rows = 0, units = 0;
  float* out = nullptr;
  const CallNumbers* numbers = nullptr;  ///< null: base is all there is
};

/// y = x ∘ mask; the mask repeats every mask_rows rows. Forward and backward alike; y may be x.
struct ApplyMask {
  std::int64_t rows = 0, features = 0, mask_rows = 0;
  const float* mask = nullptr;  ///< [mask_rows, F]
  const float* x = nullptr;
  float* y = nullptr;
};

/// Equations 18–19; with smoothing 31–32.
struct SoftmaxCrossEntropy {
  std::int64_t rows = 0, vocabulary = 0;
  double head_weight = 1;
  const std::int32_t* targets = nullptr;  ///< [N]
  const float* weights = nullptr;         ///< [N]
  const float* logits = nullptr;          ///< [N, V]
  float* d_logits = nullptr;              ///< [N, V] out; may be logits
  double* loss = nullptr;                 ///< [N]: head weight · weight · nll, added to
  double* hits = nullptr;                 ///< [N] or null: weight where the arg-max is the target, else 0
  double smoothing = 0;                   ///< share of the target that all ids get evenly, in [0, 1)
};

/// Equation 20.
struct MeanSquaredError {
  std::int64_t rows = 0, units = 0;
  double head_weight = 1;
  const float* targets = nullptr;      ///< [N, units]
  const float* weights = nullptr;      ///< [N]
  const float* predictions = nullptr;  ///< [N, units]
  float* d_predictions = nullptr;      ///< [N, units] or null; may be predictions
  double* loss = nullptr;              ///< [N], added to
};

/// w ← rule(w, scale · g) for `count` parameters; slots as slot_names() orders them. Equations 22–25.
struct OptimizerUpdate {
  std::int64_t count = 0;
  float* w = nullptr;
  const float* g = nullptr;
  float* slots[3] = {nullptr, nullptr, nullptr};
  double learning_rate = 0;
  double gradient_scale = 1;  ///< clipping and the division by the weight sum
  std::uint64_t step = 1;     ///< 1 for the first update
  /// Both or neither: they give the four numbers above, and nothing is done without outcome->update.
  const CallNumbers* numbers = nullptr;
  const StepOutcome* outcome = nullptr;
};

}  // namespace rondo
