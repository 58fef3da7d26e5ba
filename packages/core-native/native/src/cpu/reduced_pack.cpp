// Weights rounded to bf16 or int8 and put in wide panels: equations 29–30 of docs/lstm.md.

#include "cpu/reduced.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// The upper half of the nearest bf16, ties to even; NaN stays NaN.
std::uint32_t bf16_bits(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  if (x != x) return (bits >> 16) | 0x40u;
  return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}

/// Nearest whole number, ties to even, of |x| ≤ 127; what is no number counts as 0 (its column's scale carries it on).
std::int32_t whole(float x) {
  constexpr float kMagic = 12582912.0f;  // 1.5 · 2^23: adding it rounds
  if (!(x >= -127.5f && x <= 127.5f)) return 0;
  return static_cast<std::int32_t>((x + kMagic) - kMagic);
}

/// One panel on its way from a matrix: which column of it is which of the matrix.
class PanelPacker {
 public:
  PanelPacker(const ReducedPack& op, std::int64_t panel) : op_(op), panels_(op.matrix), panel_(panel) {
    out_ = op.packed + panel * panels_.stride;
  }

  void pack() {
    const bool int8 = op_.matrix.precision == WeightPrecision::int8;
    if (int8) put_scales();
    for (std::int64_t k = 0; k < op_.matrix.input; ++k) {
      float row[kWide];
      for (int i = 0; i < kWide; ++i) row[i] = at(k, i);
      int8 ? put_int8(k, row) : put_bf16(k, row);
    }
  }

 private:
  float at(std::int64_t k, int i) const {
    const ReducedMatrix& m = op_.matrix;
    const std::int64_t units = m.gates ? m.output / 4 : m.output;
    const std::int64_t unit = m.gates ? panel_ * kPanel + i % kPanel : panel_ * kWide + i;
    if (unit >= units) return 0;
    if (op_.transposed) return op_.weights[unit * m.input + k];
    return op_.weights[k * m.output + (m.gates ? i / kPanel * units : 0) + unit];
  }

  void put_scales() {
    float top[kWide] = {};
    for (std::int64_t k = 0; k < op_.matrix.input; ++k) {
      for (int i = 0; i < kWide; ++i) {
        const float x = at(k, i), size = x < 0 ? -x : x;
        if (!(size <= top[i])) top[i] = size;  // NaN too
      }
    }
    for (int i = 0; i < kWide; ++i) scale_[i] = top[i] / 127.0f;
    std::memcpy(out_, scale_, sizeof(scale_));
  }

  /// Element i of vectors 2v and 2v + 1 in the low and the high half of word i.
  void put_bf16(std::int64_t k, const float* row) const {
    std::uint32_t words[kWide / 2];
    for (int i = 0; i < kWide / 2; ++i) {
      const float* pair = row + i / kLanes * 2 * kLanes + i % kLanes;
      words[i] = bf16_bits(pair[0]) | bf16_bits(pair[kLanes]) << 16;
    }
    std::memcpy(out_ + k * panels_.step, words, sizeof(words));
  }

  /// Element i of vectors 4v … 4v + 3 in the four bytes of word i, the lowest first.
  void put_int8(std::int64_t k, const float* row) const {
    std::uint32_t words[kWide / 4];
    for (int i = 0; i < kWide / 4; ++i) {
      words[i] = 0;
      for (int byte = 0; byte < 4; ++byte) {
        const int column = i / kLanes * 4 * kLanes + byte * kLanes + i % kLanes;
        const float scale = scale_[column];
        const std::int32_t q = scale > 0 ? whole(row[column] / scale) : 0;
        words[i] |= (static_cast<std::uint32_t>(q) & 0xFFu) << 8 * byte;
      }
    }
    std::memcpy(out_ + panels_.scales + k * panels_.step, words, sizeof(words));
  }

  const ReducedPack& op_;
  const ReducedPanels panels_;
  const std::int64_t panel_;
  char* out_ = nullptr;
  float scale_[kWide] = {};
};

}  // namespace

void reduced_pack(CpuContext& context, const ReducedPack& op) {
  context.parallel_for(ReducedPanels(op.matrix).count, 1, op.matrix.input * kWide, [&](Range panels) {
    for (std::int64_t p = panels.begin; p < panels.end; ++p) PanelPacker(op, p).pack();
  });
}

}  // namespace rondo::cpu::RONDO_ISA
