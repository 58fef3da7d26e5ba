#pragma once

// A network as plain data: inputs → layers → heads. Fields that a kind does not use are ignored.

#include <cstdint>
#include <string>
#include <vector>

namespace rondo {

enum class Activation { linear, relu, tanh, sigmoid, softmax };

enum class InputKind {
  embedding,  ///< ids [T][B] → rows of a trained table [vocabulary, units]
  scalar,     ///< ids [T][B] → one feature, id / vocabulary
  one_hot,    ///< ids [T][B] → vocabulary features
  dense       ///< floats [T][B][units]
};

struct InputSpec {
  InputKind kind = InputKind::embedding;
  std::string name;             ///< unique among the inputs
  std::int64_t vocabulary = 0;  ///< embedding, scalar, one_hot
  std::int64_t units = 0;       ///< embedding, dense

  bool takes_ids() const { return kind != InputKind::dense; }
  /// Features that this input adds to the concatenated input.
  std::int64_t width() const { return kind == InputKind::scalar ? 1 : kind == InputKind::one_hot ? vocabulary : units; }
};

enum class LayerKind { lstm, batch_norm, dropout, dense, activation };
enum class RecurrentDropoutMode { per_gate, shared };
enum class GateActivation {
  sigmoid,
  hard_sigmoid  ///< clip(x / 5 + 1/2, 0, 1): the gates of Keras ≤ 2.2.4
};
enum class DropoutMode {
  per_step,     ///< a fresh mask at every (t, b)
  per_sequence  ///< one mask per row, constant over time
};

struct LayerSpec {
  LayerKind kind = LayerKind::lstm;
  std::int64_t units = 0;  ///< lstm (per direction), dense

  bool bidirectional = false;      ///< lstm: outputs of the two directions are concatenated
  double recurrent_dropout = 0.0;  ///< lstm: in [0, 1)
  RecurrentDropoutMode recurrent_dropout_mode = RecurrentDropoutMode::per_gate;
  bool return_sequences = true;  ///< lstm: false = only the last processed step goes on
  GateActivation gate_activation = GateActivation::sigmoid;

  double momentum = 0.99;  ///< batch_norm: share of the old moving statistics
  double epsilon = 1e-3;   ///< batch_norm

  double rate = 0.0;  ///< dropout: in [0, 1)
  DropoutMode dropout_mode = DropoutMode::per_step;

  Activation activation = Activation::linear;  ///< dense, activation
};

enum class HeadKind {
  softmax,    ///< dense to `vocabulary` logits, cross-entropy in nats
  regression  ///< dense to `units`, mean squared error over the units
};

struct HeadSpec {
  HeadKind kind = HeadKind::softmax;
  std::string name;             ///< unique among the heads
  std::int64_t vocabulary = 0;  ///< softmax
  std::int64_t units = 0;       ///< regression
  double weight = 1.0;          ///< factor of this head's loss
  double smoothing = 0;         ///< softmax, in training alone: share of the target that all ids get evenly, in [0, 1)
  std::string tied = {};        ///< softmax: the embedding input whose table, transposed, is the kernel; "" = its own

  std::int64_t width() const { return kind == HeadKind::softmax ? vocabulary : units; }
};

struct NetworkSpec {
  std::vector<InputSpec> inputs;  ///< concatenated on the feature axis, in order
  std::vector<LayerSpec> layers;
  std::vector<HeadSpec> heads;  ///< each reads the trunk's output
};

/// Throws Error(spec) with the path of the first fault ("layers[2].units: expected …").
void validate(const NetworkSpec& spec);

}  // namespace rondo
