#pragma once

// Update rules. g is the gradient of the mean loss, after clipping; the learning rate comes with every update.

#include <string>
#include <vector>

namespace rondo {

enum class OptimizerKind { rmsprop, adam, adamw };
enum class EpsilonPlacement {
  inside_root,  ///< g / √(v + ε), Keras 3
  outside_root  ///< g / (√v + ε), older Keras
};

struct OptimizerSpec {
  OptimizerKind kind = OptimizerKind::rmsprop;
  double epsilon = 1e-7;

  double rho = 0.9;                                                    ///< rmsprop
  EpsilonPlacement epsilon_placement = EpsilonPlacement::inside_root;  ///< rmsprop
  double momentum = 0.0;                                               ///< rmsprop; 0 = no momentum slot
  bool centered = false;                                               ///< rmsprop: subtracts the squared mean gradient

  double beta1 = 0.9;           ///< adam, adamw
  double beta2 = 0.999;         ///< adam, adamw
  double weight_decay = 0.004;  ///< adamw: w ← w − lr · weight_decay · w, before the step
};

/// Throws Error(spec) for values outside their range.
void validate(const OptimizerSpec& spec);

/// Names of the slots in their storage order: rmsprop "velocity" [, "momentum"] [, "averageGradient"];
/// adam and adamw "momentum", "velocity". A slot of a parameter is called "<slot>.<parameter>".
std::vector<std::string> slot_names(const OptimizerSpec& spec);

}  // namespace rondo
