#pragma once

namespace rondo {

/// In how many bits a copy of the weights is kept. Sums, activations, biases and states are fp32 in every case.
enum class WeightPrecision {
  fp32,
  bf16,  ///< rounded to the nearest, ties to even; equation 29 of docs/lstm.md
  int8   ///< whole numbers ±127 with one scale per output; equation 30
};

}  // namespace rondo
