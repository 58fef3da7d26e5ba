#pragma once

// Golden numbers from Keras 3.15. The optimizers' are double precision throughout: the double reference must agree to
// 1e-10. Those of layers and networks carry float32 arithmetic inside (batch norm's are float32 values to the last
// bit), so that no double computation can agree beyond about 1e-7; there the reference must agree to 5e-6, and what it
// computes is held to 1e-7 by finite differences elsewhere. The engine must agree to 1e-5 per tensor.

#include "cases/op_cases.h"
#include "json.h"

namespace rondo::test {

constexpr double kExact = 1e-10, kReferenceTolerance = 5e-6, kEngineTolerance = 1e-5;

Json fixture(const std::string& name);

/// Fails where max|a − b| / max|b| is above the tolerance.
void compare(const std::string& what, const Vector& got, const Vector& expected, double tolerance);

}  // namespace rondo::test
