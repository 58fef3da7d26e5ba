#pragma once

// Every op in double precision, one loop per index, straight from the equations of docs/lstm.md. Slow on purpose:
// this is what the engine is measured against. Shapes as in rondo/ops.h.

#include <cstdint>
#include <vector>

#include "rondo/network_spec.h"
#include "rondo/optimizer.h"

namespace rondo::reference {

using Vector = std::vector<double>;
using Index = std::int64_t;

struct Lstm {
  Index time = 0, batch = 0, input = 0, units = 0;
  bool reverse = false;
  GateActivation gate_activation = GateActivation::sigmoid;
  Vector kernel, recurrent, bias;  ///< [I,4H], [H,4H], [4H]
  std::vector<Vector> masks;       ///< none, one or four of [B,H]
  std::vector<std::int32_t> lengths;
  std::vector<std::uint8_t> resets;
};

struct LstmTrace {
  Vector i, f, g, o, c, h;                ///< [T,B,H], after each step
  Vector h_before, c_before;              ///< [T,B,H], as each step saw them (0 behind a border)
  std::vector<std::uint8_t> frozen, cut;  ///< [T,B]
  Vector h_last, c_last;                  ///< [B,H]
};

struct LstmGradients {
  Vector x, kernel, recurrent, bias;
};

LstmTrace lstm_forward(const Lstm& l, const Vector& x, const Vector& h0, const Vector& c0);
/// dh: the outside's gradient of every h [T,B,H].
LstmGradients lstm_backward(const Lstm& l, const Vector& x, const LstmTrace& trace, const Vector& dh);

Vector dense_forward(Index rows, Index input, Index output, const Vector& x, const Vector& w, const Vector& b);
struct DenseGradients {
  Vector x, w, b;
};
DenseGradients dense_backward(Index rows, Index input, Index output, const Vector& x, const Vector& w,
                              const Vector& dy);

Vector activation_forward(Activation a, Index rows, Index features, const Vector& x);
Vector activation_backward(Activation a, Index rows, Index features, const Vector& y, const Vector& dy);

struct BatchNorm {
  Vector y, mean, inverse_deviation, moving_mean, moving_variance;
};
/// valid empty: all rows.
BatchNorm batch_norm_forward(Index rows, Index features, double momentum, double epsilon, bool training,
                             const std::vector<std::uint8_t>& valid, const Vector& gamma, const Vector& beta,
                             const Vector& moving_mean, const Vector& moving_variance, const Vector& x);
struct BatchNormGradients {
  Vector x, gamma, beta;
};
BatchNormGradients batch_norm_backward(Index rows, Index features, const std::vector<std::uint8_t>& valid,
                                       const Vector& gamma, const BatchNorm& trace, const Vector& x, const Vector& dy);

struct Loss {
  Vector rows;  ///< head weight · weight · loss
  Vector hits;
  Vector dx;  ///< gradient of the sum of rows
};
Loss softmax_cross_entropy(Index rows, Index vocabulary, double head_weight, const std::vector<std::int32_t>& targets,
                           const Vector& weights, const Vector& logits, double smoothing = 0);
Loss mean_squared_error(Index rows, Index units, double head_weight, const Vector& targets, const Vector& weights,
                        const Vector& predictions);

/// w and slots are changed in place; slots as slot_names() orders them; g is the mean gradient after clipping.
void optimizer_step(const OptimizerSpec& spec, double learning_rate, std::uint64_t step, const Vector& g, Vector& w,
                    std::vector<Vector>& slots);

}  // namespace rondo::reference
