#pragma once

// A copy of a network's matrices in fewer bits, in the backend's own order. Streams of one precision share it.

#include <vector>

#include "network/device_memory.h"
#include "network/plan.h"

namespace rondo {

class ReducedWeights {
 public:
  /// Throws Error(unsupported) where the backend has no such weights.
  ReducedWeights(const NetworkPlan& plan, std::shared_ptr<Backend> backend, WeightPrecision precision);

  WeightPrecision precision() const { return precision_; }
  std::size_t bytes() const { return memory_.bytes(); }
  /// What one token reads: the matrices up to the first softmax head, no embedding tables.
  std::uint64_t bytes_read() const { return bytes_read_; }

  struct Matrix {
    ReducedMatrix shape;
    int parameter = -1;  ///< in the layout
    bool transposed = false;
    char* packed = nullptr;
  };
  /// LSTM layers: the kernel (which = 0) and the recurrent kernel (1); dense layers: the kernel.
  const Matrix& of_layer(std::size_t layer, std::size_t which) const { return layers_[layer][which]; }
  const Matrix& of_head() const { return head_; }

  /// Packs when `version` is not the one that was packed last.
  void pack(const NetworkPlan& plan, const float* parameters, std::uint64_t version);

 private:
  std::vector<Matrix*> all();

  std::shared_ptr<Backend> backend_;
  const WeightPrecision precision_;
  DeviceMemory memory_;
  std::vector<std::vector<Matrix>> layers_;
  Matrix head_;
  std::uint64_t bytes_read_ = 0, version_ = 0;
};

/// The values that a copy in this precision stands for, in place of a host matrix [rows, columns]; fp32 leaves it
/// alone. Transposed: the outputs are its rows. Equations 29–30.
void round_weights(WeightPrecision precision, std::int64_t rows, std::int64_t columns, bool transposed, float* weights);

}  // namespace rondo
