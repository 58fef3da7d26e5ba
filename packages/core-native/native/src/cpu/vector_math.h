#pragma once

// tanh, the logistic function and exp on vectors. The same operations on every lane, so that an element's value does
// not depend on where in a vector it stands.

#include "cpu/simd.h"

namespace rondo::cpu::RONDO_ISA {

/// Rational minimax form, degree 13 over 6, on |x| ≤ 7.9053 (beyond, float tanh is 1). Max error 2.7e-7. NaN stays NaN.
inline Vf tanh(Vf x) {
  const Vf bound = splat(7.90531110763549805f);
  Vf y = x > bound ? bound : x;
  y = y < -bound ? -bound : y;
  const Vf s = y * y;
  Vf p = fma(s, splat(-2.76076847742355e-16f), splat(2.00018790482477e-13f));
  p = fma(s, p, splat(-8.60467152213735e-11f));
  p = fma(s, p, splat(5.12229709037114e-08f));
  p = fma(s, p, splat(1.48572235717979e-05f));
  p = fma(s, p, splat(6.37261928875436e-04f));
  p = fma(s, p, splat(4.89352455891786e-03f));
  Vf q = fma(s, splat(1.19825839466702e-06f), splat(1.18534705686654e-04f));
  q = fma(s, q, splat(2.26843463243900e-03f));
  q = fma(s, q, splat(4.89352518554385e-03f));
  return y * p / q;
}

/// 1 / (1 + e^−x) = ½ tanh(x/2) + ½.
inline Vf sigmoid(Vf x) {
  const Vf half = splat(0.5f);
  return fma(half, tanh(half * x), half);
}

/// clip(x/5 + ½, 0, 1).
inline Vf hard_sigmoid(Vf x) {
  const Vf y = fma(splat(0.2f), x, splat(0.5f));
  return y > splat(1.0f) ? splat(1.0f) : (y < splat(0.0f) ? splat(0.0f) : y);
}

/// e^x for x ≤ 88; 0 below −87.3. Range reduction by ln 2 in two parts, Taylor to degree 7: error < 2 ulp.
inline Vf exp(Vf x) {
  const Vf low = splat(-87.33654f);
  const Vf high = splat(88.0f);
  Vf y = x > high ? high : x;
  y = y < low ? low : y;
  const Vf magic = splat(12582912.0f);  // 1.5 · 2^23: adding it rounds to an integer
  const Vf n = fma(y, splat(1.44269504f), magic) - magic;
  Vf r = fma(n, splat(-0.693359375f), y);
  r = fma(n, splat(2.12194440e-4f), r);
  Vf p = splat(1.0f / 5040.0f);
  p = fma(r, p, splat(1.0f / 720.0f));
  p = fma(r, p, splat(1.0f / 120.0f));
  p = fma(r, p, splat(1.0f / 24.0f));
  p = fma(r, p, splat(1.0f / 6.0f));
  p = fma(r, p, splat(0.5f));
  p = fma(r, p, splat(1.0f));
  p = fma(r, p, splat(1.0f));
  const Vi exponent = __builtin_convertvector(n, Vi) << 23;
  Vi bits;
  std::memcpy(&bits, &p, sizeof(bits));
  bits += exponent;
  Vf result;
  std::memcpy(&result, &bits, sizeof(result));
  return x < low ? Vf{} : (x == x ? result : x);
}

}  // namespace rondo::cpu::RONDO_ISA
