#pragma once

// Everything that one pass over a batch reads and writes, in one block sized for the batch's shape. Legend as in
// ops.h; N = T·B, R = rows of the trunk's output.

#include <vector>

#include "network/device_memory.h"
#include "network/plan.h"
#include "network/reduced_weights.h"

namespace rondo {

struct BatchShape {
  std::int64_t time = 0, batch = 0;
  bool training = false;
  bool operator==(const BatchShape&) const = default;
};

struct LstmBuffers {
  float* gates = nullptr;  ///< in the backend's order
  float* h = nullptr;      ///< [T+1][B][H]
  float* c = nullptr;      ///< [T+1][B][H]
  float* masks = nullptr;  ///< [1 or 4][B][H], null without recurrent dropout
};

struct LayerBuffers {
  LstmBuffers lstm[2];
  const float* x = nullptr;  ///< the layer's input: the y of the layer before
  float* y = nullptr;        ///< [rows, output]; may lie inside another buffer
  float* mask = nullptr;     ///< dropout, [rows or B, F]
  float* mean = nullptr;     ///< batch norm, [F]
  float* inverse_deviation = nullptr;
  float* moving_mean = nullptr;  ///< batch norm: the new statistics, kept back until the loss is known to be finite
  float* moving_variance = nullptr;
  float* dy = nullptr;  ///< training: gradient of y, where the layer needs it
  float* dx = nullptr;  ///< gradient of x, null where nobody wants it; may be dy
};

struct Buffers {
  BatchShape shape;
  const ReducedWeights* reduced = nullptr;  ///< streams: multiply with these in place of the fp32 weights
  std::vector<std::int32_t*> ids;           ///< per input: [N], null for dense inputs
  std::vector<float*> values;               ///< per input: [N, units], null for id inputs
  std::vector<std::int32_t*> targets;       ///< per head: [R], null for regression
  std::vector<float*> target_values;        ///< per head: [R, units]
  std::vector<float*> outputs;              ///< per head: [R, V or units] logits or predictions
  std::vector<LayerBuffers> layers;
  std::int32_t* lengths = nullptr;      ///< [B]
  std::uint8_t* resets = nullptr;       ///< [N]
  std::uint8_t* valid_steps = nullptr;  ///< [N]
  std::uint8_t* valid_rows = nullptr;   ///< [B]
  CallNumbers* numbers = nullptr;       ///< training
  StepOutcome* outcome = nullptr;       ///< training
  float* weights = nullptr;             ///< [R]
  double* loss = nullptr;               ///< [R]
  double* hits = nullptr;               ///< [R]
  std::int64_t table = 0;               ///< above 0: the first LSTM reads a table of so many rows itself
  float* features = nullptr;            ///< [N, input width], the concatenated inputs; null with a table
  const float* trunk = nullptr;         ///< [R, trunk width]
  float* d_trunk = nullptr;             ///< training: [R, trunk width], null where nothing below is trained
  float* workspace = nullptr;           ///< of the LSTM ops

  /// Places everything for `shape` in `memory`; allocates only when it has to grow.
  void lay_out(const NetworkPlan& plan, const Backend& backend, const BatchShape& shape, DeviceMemory& memory);

  /// Bytes that lay_out() needs for a shape.
  static std::size_t bytes_for(const NetworkPlan& plan, const Backend& backend, const BatchShape& shape);

 private:
  void resize(const NetworkPlan& plan);
  void place(const NetworkPlan& plan, const Backend& backend, Bump& bump);
  void place_layer(const LayerPlan& plan, const Backend& backend, const float* x, LayerBuffers& layer,
                   Bump& bump) const;
  void place_gradients(const NetworkPlan& plan, const Backend& backend, Bump& bump);
};

/// The op's shape for one direction of a layer; masks, lengths and resets as the buffers hold them.
LstmShape lstm_shape(const LayerPlan& plan, const BatchShape& shape, int direction);

}  // namespace rondo
