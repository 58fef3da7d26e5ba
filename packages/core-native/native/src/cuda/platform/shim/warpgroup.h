#pragma once

// A warpgroup's products, element by element from the operands' descriptions, when they are waited for and not before.

#include <cstdint>

#include "bfloat16.h"
#include "platform.h"

namespace rondo::cuda {
namespace shim {

/// An operand in rows of 128 bytes, whose chunks of 16 bytes are swizzled by the row.
class DescribedOperand {
 public:
  DescribedOperand(std::uint64_t description, bool deep)
      : start_(field(description, 0)), leading_(field(description, 16)), stride_(field(description, 32)), deep_(deep) {
    if (description >> 62 != 1) abandon("an operand's description does not say 128-byte swizzle");
    if (description >> 49 & 7) abandon("an operand's tile does not start on 1024 bytes");
  }

  /// Row or column i of the product, at k.
  float at(unsigned i, unsigned k) const {
    const std::uint32_t plain = deep_ ? start_ + i / 8 * stride_ + i % 8 * 128 + k * 2
                                      : start_ + i / 64 * leading_ + i % 64 * 2 + k / 8 * stride_ + k % 8 * 128;
    const std::uint32_t place = plain ^ (plain >> 7 & 7) << 4;
    if (place + 2 > current->block->shared_bytes) abandon("an operand's description leaves the shared memory");
    Bf16 value;
    std::memcpy(&value, current->block->shared + place, sizeof(value));
    return from_bf16(value);
  }

 private:
  static std::uint32_t field(std::uint64_t description, int shift) {
    return static_cast<std::uint32_t>(description >> shift & 0x3fff) << 4;
  }

  std::uint32_t start_, leading_, stride_;
  bool deep_;
};

inline void add_product(float (&d)[64], const DescribedOperand& a, const DescribedOperand& b) {
  const unsigned lane = current->lane, first = threadIdx.x / kWarp % 4 * 16 + lane / 4;
  for (unsigned k = 0; k < 16; ++k) {
    const float left[2] = {a.at(first, k), a.at(first + 8, k)};
    for (unsigned j = 0; j < 16; ++j) {
      for (unsigned e = 0; e < 2; ++e) {
        const float right = b.at(j * 8 + lane % 4 * 2 + e, k);
        d[4 * j + e] += left[0] * right;
        d[4 * j + 2 + e] += left[1] * right;
      }
    }
  }
}

}  // namespace shim

inline void show_to_warpgroups() {
  shim::current->hidden_stores = false;
}

inline void begin_products() {
  shim::current->products_begun = true;
}

template <bool kADeep, bool kBDeep>
void multiply_64x128x16(float (&d)[64], std::uint64_t a, std::uint64_t b) {
  if (shim::current->hidden_stores) shim::abandon("a warpgroup's product of stores that it was not shown");
  if (!shim::current->products_begun) shim::abandon("a warpgroup's product that was not begun");
  shim::current->products.push_back(
      [&d, a, b] { shim::add_product(d, shim::DescribedOperand(a, kADeep), shim::DescribedOperand(b, kBDeep)); });
}

inline void end_products(float (&)[64]) {
  for (const auto& product : shim::current->products) product();
  shim::current->products.clear();
  shim::current->products_begun = false;
}

}  // namespace rondo::cuda
