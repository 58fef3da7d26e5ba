#pragma once

// How the CUDA LSTM lays out its memory. Columns of gates, and of the weights that make them, are ordered in blocks of
// 8 units: [i of 8 units | f | g | o], so that what belongs to one unit lies together and a block of 16 bytes never
// mixes gates. Elements are Bf16 in bf16 mode, else float; padding is zero.

#include <cstdint>

#include "cuda/context.h"
#include "cuda/device/scatter_weights.h"
#include "cuda/product.h"
#include "rondo/ops.h"

namespace rondo::cuda {

constexpr std::int64_t up_to(std::int64_t n, std::int64_t grain) {
  return (n + grain - 1) / grain * grain;
}

/// Units as whole blocks of 8; columns of the gates.
constexpr std::int64_t lstm_block_units(std::int64_t units) {
  return up_to(units, 8);
}
constexpr std::int64_t lstm_columns(std::int64_t units) {
  return 4 * lstm_block_units(units);
}

/// Takes pieces off one block; places are in bytes, 256 apart.
class Places {
 public:
  std::int64_t take(std::int64_t bytes) {
    const std::int64_t at = used_;
    used_ += up_to(bytes, 256);
    return at;
  }
  std::int64_t floats() const { return used_ / 4; }

 private:
  std::int64_t used_ = 0;
};

template <class T>
T* at_place(float* block, std::int64_t place) {
  return reinterpret_cast<T*>(reinterpret_cast<char*>(block) + place);
}
template <class T>
const T* at_place(const float* block, std::int64_t place) {
  return reinterpret_cast<const T*>(reinterpret_cast<const char*>(block) + place);
}

/// The persistent kernels' share: a block of threads keeps the weights of kMemberUnits units in registers, as
/// fragments.
constexpr int kMemberUnits = 32;
/// Steps of 16 along k per warp, for 0 (cannot) … 512 units; two warps share the sum of a gate.
constexpr int lstm_fragment_steps(std::int64_t units) {
  return units <= 64 ? 2 : units <= 128 ? 4 : units <= 256 ? 8 : units <= 512 ? 16 : 0;
}

/// W [I][columns], R [H][columns]; in bf16 mode also the fragments of R and Rᵀ for the persistent kernels (Rᵀ twice,
/// the second time as device/scatter_weights.h has it).
struct LstmPacked {
  std::int64_t w, r, fragments, fragments_transposed, fragments_scattered, floats;

  LstmPacked(Precision precision, std::int64_t input, std::int64_t units) {
    const std::int64_t element = precision == Precision::bf16 ? 2 : 4, columns = lstm_columns(units);
    const std::int64_t steps = precision == Precision::bf16 ? lstm_fragment_steps(units) : 0;
    const std::int64_t members = up_to(units, kMemberUnits) / kMemberUnits;
    const std::int64_t bytes = members * fragment_words(static_cast<int>(steps)) * 4;
    Places places;
    w = places.take(input * columns * element);
    r = places.take(units * columns * element);
    fragments = places.take(bytes);
    fragments_transposed = places.take(bytes);
    fragments_scattered =
        places.take(steps ? members * scatter_words(scatter_halves(static_cast<int>(members))) * 4 : 0);
    floats = places.floats();
  }

  /// Words of one member: [8 warps][steps][4 blocks of 8 columns][32 lanes][2].
  static constexpr std::int64_t fragment_words(int steps) { return std::int64_t{8} * steps * 4 * 32 * 2; }
};

/// z, then the gates, then dz: [N][columns]; bf16 mode: x [N][I padded to 8] and h [T+1][B][units padded to 8]; the
/// masks as bits [mask_count][B][words of 32 units], and the scale of what they keep.
struct LstmGates {
  std::int64_t z, x, h, bits, scale, floats;

  LstmGates(Precision precision, const LstmShape& s) {
    const bool narrow = precision == Precision::bf16;
    const std::int64_t n = s.time * s.batch;
    Places places;
    z = places.take(n * lstm_columns(s.units) * (narrow ? 2 : 4));
    x = places.take(narrow ? n * up_to(s.input, 8) * 2 : 0);
    h = places.take(narrow ? (n + s.batch) * lstm_block_units(s.units) * 2 : 0);
    bits = places.take(s.mask_count * s.batch * bit_words(s) * 4);
    scale = places.take(4);
    floats = places.floats();
  }

  static std::int64_t bit_words(const LstmShape& s) { return up_to(s.units, 32) / 32; }
};

/// The order of processing: step s of the loop is time at(s); the states' slots.
inline std::int64_t lstm_time(const LstmShape& s, std::int64_t step) {
  return s.reverse ? s.time - 1 - step : step;
}

/// The products of the weights' gradients, without their pointers.
Product lstm_kernel_gradient(Precision precision, const LstmShape& s);
Product lstm_recurrent_gradient(Precision precision, const LstmShape& s);

/// Backward: dh kept through frozen steps and dc [B][H]; parts of the products; column sums; flags of the groups.
struct LstmWorkspace {
  std::int64_t dh, dc, partial, columns, flags, floats;

  LstmWorkspace(const DeviceFacts& facts, Precision precision, const LstmShape& s);
  static constexpr int kColumnParts = 64;
  static constexpr std::int64_t kFlags = 8192;  ///< one word for each member of each group, as many as can be resident
};

inline Arithmetic lstm_arithmetic(Precision precision) {
  return precision == Precision::bf16   ? Arithmetic::bf16
         : precision == Precision::tf32 ? Arithmetic::tf32
                                        : Arithmetic::fp32;
}

}  // namespace rondo::cuda
