#pragma once

// Shapes and views. The engine's tensors are dense, row-major float32; sequences are time-major: [T][B][F],
// row b at time t is row t * B + b.

#include <cstdint>
#include <string>
#include <vector>

namespace rondo {

using Shape = std::vector<std::int64_t>;

/// Product of the sizes; 1 for a scalar shape.
std::int64_t element_count(const Shape& shape);

/// "(12, 4, 3)".
std::string to_string(const Shape& shape);

struct TensorInfo {
  std::string name;
  Shape shape;
};

/// Borrowed, read-only, host memory; must outlive the call it is given to.
struct TensorView {
  std::string name;
  Shape shape;
  const float* data = nullptr;  ///< element_count(shape) floats
};

}  // namespace rondo
