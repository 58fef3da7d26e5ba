#pragma once

// A whole network in double precision: the ops of reference/ops.h in the order that the spec gives, with the dropout
// masks drawn from the same Philox addresses as the engine's, so that finite differences see a fixed function.

#include <map>
#include <string>

#include "reference/ops.h"
#include "rondo/network.h"
#include "rondo/parameters.h"
#include "rondo/rng.h"

namespace rondo::reference {

using Tensors = std::map<std::string, Vector>;

struct Result {
  double loss_sum = 0, weight_sum = 0, hits = 0;
  Vector row_loss;                        ///< [R]
  Tensors gradients;                      ///< of loss_sum, by parameter; with `backward` only
  Tensors moving;                         ///< new moving statistics, by parameter; in training only
  Tensors state;                          ///< "layers.<i>.h|c" after the batch
  std::map<std::string, Vector> outputs;  ///< by head: logits or predictions
};

/// The kernel [units, vocabulary] of a tied head: its table, transposed.
Vector tied_kernel(const HeadSpec& head, const Tensors& parameters);

class ReferenceNetwork {
 public:
  ReferenceNetwork(const NetworkSpec& s, std::uint64_t key) : spec(s), seed(key) {}

  /// `state`: start state of the forward directions, missing ones 0.
  Result run(const Batch& batch, bool training, bool backward, const Tensors& state = {}) const;
  /// Applies the mean gradient and the moving statistics of `result`; `slots` by parameter name.
  void update(const OptimizerSpec& optimizer, double learning_rate, double clip_norm, const Result& result);

  NetworkSpec spec;
  std::uint64_t seed = 0;
  std::uint64_t step = 0;  ///< updates done
  Tensors parameters;      ///< the kernel of a tied head may be given too, for inference: then it counts
  std::map<std::string, std::vector<Vector>> slots;

  /// [times][rows][units] of the dropout mask that starts at `base`.
  static Vector mask(std::uint64_t key, RandomAddress base, double rate, Index times, Index rows, Index units);
};

}  // namespace rondo::reference
