#pragma once

// The three products of a dense layer, for any backend's Gemm: all but how it takes W and transposes (equation 13 of
// docs/lstm.md).

#include "rondo/ops.h"

namespace rondo {

/// y = x W + b, without W.
template <class Gemm>
Gemm dense_output(const DenseForward& op) {
  Gemm g;
  g.m = op.rows;
  g.n = op.output;
  g.k = op.input;
  g.a = op.x;
  g.lda = op.input;
  g.c = op.y;
  g.ldc = op.output;
  g.bias = op.bias;
  return g;
}

/// dx (+)= dy Wᵀ, without W.
template <class Gemm>
Gemm dense_input_gradient(const DenseBackward& op) {
  Gemm g;
  g.m = op.rows;
  g.n = op.input;
  g.k = op.output;
  g.a = op.dy;
  g.lda = op.output;
  g.c = op.dx;
  g.ldc = op.input;
  g.add = op.add_dx;
  return g;
}

/// dW += xᵀ dy, or dWᵀ += dyᵀ x; that the first factor is transposed is still to be said.
template <class Gemm>
Gemm dense_weight_gradient(const DenseBackward& op) {
  Gemm g;
  g.m = op.transposed ? op.output : op.input;
  g.n = op.transposed ? op.input : op.output;
  g.k = op.rows;
  g.a = op.transposed ? op.dy : op.x;
  g.lda = g.m;
  g.b = op.transposed ? op.x : op.dy;
  g.ldb = g.n;
  g.c = op.d_kernel;
  g.ldc = g.n;
  g.add = true;
  return g;
}

}  // namespace rondo
