#pragma once

// What weights kept in fewer bits stand for, straight from equations 29–30.

#include "reference/network.h"
#include "rondo/precision.h"

namespace rondo::reference {

/// A matrix [rows, columns] of floats as a copy in this precision gives it back.
Vector rounded(WeightPrecision precision, Index rows, Index columns, const Vector& weights);

/// Every matrix of the layers and heads; embedding tables, biases and statistics as they are.
Tensors rounded_network(WeightPrecision precision, const Network& network, const Tensors& parameters);

}  // namespace rondo::reference
