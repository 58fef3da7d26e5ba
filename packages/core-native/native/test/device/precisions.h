#pragma once

// What tests of any device share: its precisions, and how far each may be from double.

#include <string>
#include <vector>

#include "framework.h"
#include "rondo/backend.h"

namespace rondo::test {

/// Those to be tested, fp32 first.
inline std::vector<Precision> tested_precisions() {
  if (!test_device().precisions.empty()) return test_device().precisions;
  if (test_device().choice == DeviceChoice::cpu) return {Precision::fp32};
  return {Precision::fp32, Precision::tf32, Precision::bf16};
}

/// max|a − b| / max|b| of a tensor of `count` values; in few of them roundings do not average out.
inline double tolerance_of(Precision precision, std::size_t count) {
  const double few = count < 200 ? 2.5 : 1;
  switch (precision) {
    case Precision::tf32:
      return few * 2e-3;
    case Precision::bf16:
      return few * 1e-2;
    default:
      return 2e-5;
  }
}

inline std::unique_ptr<Backend> make_tested(Precision precision) {
  return make_backend(test_device().choice, 2, precision);
}

inline std::string label(Precision precision) {
  return std::string(" [") + precision_name(precision) + "]";
}

}  // namespace rondo::test
