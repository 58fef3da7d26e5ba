// The platform layer's promises: barriers, shuffles, matrix fragments, asynchronous copies, flags, graphs.

#include <cmath>

#include "cases/op_cases.h"
#include "cuda/probe_kernels.h"
#include "framework.h"

namespace rondo::test {
namespace {

std::vector<float> floats(Index count, std::uint64_t salt) {
  const Vector values = make_values(count, salt);
  return {values.begin(), values.end()};
}

Vector exact_product(const std::vector<float>& a, const std::vector<float>& b, int k) {
  Vector c(16 * 8);
  for (int i = 0; i < 16; ++i) {
    for (int j = 0; j < 8; ++j) {
      double sum = 0;
      for (int e = 0; e < k; ++e) {
        sum += static_cast<double>(a[static_cast<std::size_t>(i * k + e)]) *
               static_cast<double>(b[static_cast<std::size_t>(e * 8 + j)]);
      }
      c[static_cast<std::size_t>(i * 8 + j)] = sum;
    }
  }
  return c;
}

double product_error(std::vector<float> (*product)(const std::vector<float>&, const std::vector<float>&, int)) {
  constexpr int kDepth = 48;
  const std::vector<float> a = floats(16 * kDepth, 1), b = floats(kDepth * 8, 2);
  const std::vector<float> c = product(a, b, kDepth);
  return error_of(Vector(c.begin(), c.end()), exact_product(a, b, kDepth));
}

}  // namespace

TEST("CUDA platform: shuffles and barriers add up a block") {
  const std::vector<float> sums = block_sums(std::vector<float>(300, 1.0f), 128);
  CHECK((sums == std::vector<float>{128, 128, 44}));
}

TEST("CUDA platform: matrix fragments multiply") {
  const double bf16 = product_error(product_bf16), tf32 = product_error(product_tf32);
  CHECK(bf16 < 1e-2 && bf16 > 1e-4);
  CHECK(tf32 < 1e-3 && tf32 > 1e-5);
}

TEST("CUDA platform: blocks hand on by flags; a wait for nobody ends") {
  CHECK(ring(4, 5, false) == 20);
  CHECK(ring(4, 5, true) == -1);
}

TEST("CUDA platform: blocks of a cluster store into one another; a wait for nothing ends") {
  CHECK((told(3, 5, false) == std::vector<float>{90, 90, 90, 0}));
  CHECK((told(2, 1, true) == std::vector<float>{-1, -1, 1}));
}

TEST("CUDA platform: a graph runs as often as it is launched") {
  CHECK((doubled(std::vector<float>(40, 1.5f), 3) == std::vector<float>(40, 12.0f)));
}

}  // namespace rondo::test
