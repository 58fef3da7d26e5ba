#pragma once

// The cells of one thread of a persistent kernel: two neighbouring units of one row of a tile, for all steps.

#include <cstdint>

#include "cuda/device/cell.h"
#include "cuda/device/mask_fragments.h"
#include "cuda/device/persistent_task.h"

namespace rondo::cuda {

/// Words of two bf16 values, one for each gate.
struct GatePairs {
  std::uint32_t word[4] = {};
};

/// What a backward step reads before it has to wait for others.
struct BackwardPair {
  GatePairs gates;
  float2 c{0, 0}, c_before{0, 0}, dh{0, 0};
};

class CellPair {
 public:
  __device__ explicit CellPair(const PersistentTask& task)
      : lstm_(task.lstm),
        member_(static_cast<int>(blockIdx.x)),
        rows_(static_cast<int>(blockIdx.y) * task.tiles * kTileRows),
        row_(static_cast<int>(threadIdx.x) / 16),
        unit_(static_cast<int>(threadIdx.x) % 16 * 2) {}

  __device__ int member() const { return member_; }
  __device__ int row() const { return row_; }    ///< of the tile
  __device__ int unit() const { return unit_; }  ///< of the member, the pair's first
  __device__ int batch_row(int tile, int row) const { return rows_ + tile * kTileRows + row; }
  __device__ int batch_row(int tile) const { return batch_row(tile, row_); }
  /// Whether the pair has columns (padding included) and the tile this row.
  __device__ bool exists(int b) const { return b < lstm_.batch && layer_unit() < lstm_.columns / 4; }

  /// Element of [T+1][B][H] for the pair's first unit.
  __device__ std::int64_t place(std::int64_t slot, int b) const {
    return (slot * lstm_.batch + b) * lstm_.units + layer_unit();
  }
  __device__ float2 read_pair(const float* p) const {
    const int n = width();
    return {n > 0 ? p[0] : 0.0f, n > 1 ? p[1] : 0.0f};
  }
  __device__ void write_pair(float* p, float2 value) const {
    const int n = width();
    if (n > 0) p[0] = value.x;
    if (n > 1) p[1] = value.y;
  }

  __device__ GatePairs read_gates(int t, int b) const {
    GatePairs pairs;
    const std::uint32_t* words = gates(t, b);
#pragma unroll
    for (int g = 0; g < 4; ++g) pairs.word[g] = words[g * 4];
    return pairs;
  }
  __device__ void write_gates(int t, int b, const GatePairs& pairs) const {
    std::uint32_t* words = gates(t, b);
#pragma unroll
    for (int g = 0; g < 4; ++g) words[g * 4] = pairs.word[g];
  }

  /// c and h before the first step.
  __device__ void start(int b, float2& c, float2& h) const {
    if (b >= lstm_.batch) return;
    const std::int64_t slot = lstm_.slot_before(lstm_.time_of(0));
    c = read_pair(lstm_.c + place(slot, b));
    h = read_pair(lstm_.h + place(slot, b));
  }

  /// z of x → c, h; `sum(gate)` gives the pair of h R. Gives the gates. Units that do not exist keep 0.
  template <class Sum>
  __device__ GatePairs advance_pair(int t, int b, const GatePairs& z, Sum sum, float2& c, float2& h) const {
    const float scale = lstm_.scale_value();
    const int n = width();
    float in[2][4] = {};
#pragma unroll
    for (int g = 0; g < 4; ++g) {
      const float2 add = sum(g);
      const float2 bias = read_pair(lstm_.bias + g * lstm_.units + layer_unit());
      in[0][g] = low_bf16(z.word[g]) + fmaf(scale, add.x, bias.x);
      in[1][g] = high_bf16(z.word[g]) + fmaf(scale, add.y, bias.y);
    }
    const CellGates a[2] = {activate<true>(in[0], lstm_.hard), activate<true>(in[1], lstm_.hard)};
    if (!lstm_.frozen(t, b)) {
      const bool cut = lstm_.cut(t, b);
      const CellState first = advance<true>(a[0], cut ? 0.0f : c.x), second = advance<true>(a[1], cut ? 0.0f : c.y);
      c = {n > 0 ? first.c : 0.0f, n > 1 ? second.c : 0.0f};
      h = {n > 0 ? first.h : 0.0f, n > 1 ? second.h : 0.0f};
    }
    return {
        {pack_bf16(a[0].i, a[1].i), pack_bf16(a[0].f, a[1].f), pack_bf16(a[0].g, a[1].g), pack_bf16(a[0].o, a[1].o)}};
  }

  /// h as products read it, for the step's slot.
  __device__ void write_operand(int t, int b, std::uint32_t word) const {
    const std::int64_t after = lstm_.slot_after(t) * lstm_.batch + b;
    *reinterpret_cast<std::uint32_t*>(lstm_.operand + after * lstm_.operand_stride + layer_unit()) = word;
  }
  __device__ void write_states(int t, int b, float2 c, float2 h) const {
    write_pair(lstm_.c + place(lstm_.slot_after(t), b), c);
    write_pair(lstm_.h + place(lstm_.slot_after(t), b), h);
  }

  __device__ BackwardPair read_backward(int step, int t, int b) const {
    BackwardPair pair;
    pair.gates = read_gates(t, b);
    pair.c = read_pair(lstm_.states + place(lstm_.slot_after(t), b));
    if (!lstm_.cut(t, b)) pair.c_before = read_pair(lstm_.states + place(lstm_.slot_before(t), b));
    if (const float* dy = lstm_.upstream(step, b)) pair.dh = read_pair(dy + layer_unit());
    return pair;
  }

  /// dz of both cells. `dc` and `kept_dh` are what is carried to the step before; pair.dh is the whole dh.
  __device__ GatePairs differentiate_pair(int t, int b, const BackwardPair& pair, float2& dc, float2& kept_dh) const {
    CellGradient d[2] = {};
    if (lstm_.frozen(t, b)) {
      kept_dh = pair.dh;
    } else {
      const std::uint32_t(&a)[4] = pair.gates.word;
      const CellGates first{low_bf16(a[0]), low_bf16(a[1]), low_bf16(a[2]), low_bf16(a[3])};
      const CellGates second{high_bf16(a[0]), high_bf16(a[1]), high_bf16(a[2]), high_bf16(a[3])};
      if (width() > 0) d[0] = differentiate<true>(first, pair.c.x, pair.c_before.x, pair.dh.x, dc.x, lstm_.hard);
      if (width() > 1) d[1] = differentiate<true>(second, pair.c.y, pair.c_before.y, pair.dh.y, dc.y, lstm_.hard);
      const bool cut = lstm_.cut(t, b);
      dc = {cut ? 0.0f : d[0].dc, cut ? 0.0f : d[1].dc};
    }
    GatePairs out;
#pragma unroll
    for (int g = 0; g < 4; ++g) out.word[g] = pack_bf16(d[0].z[g], d[1].z[g]);
    return out;
  }

  /// The lane's bits of its gate's mask for the operand's fragments; see mask_fragments.h. `first`: the tile's row 0.
  template <int kSteps>
  __device__ void mask_fragments(int first, std::uint32_t* words) const {
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    for (int w = 0; w < mask_fragment_words(kSteps); ++w) words[w] = 0;
    for (int s = 0; s < kSteps; ++s) {
      for (int i = 0; i < 8; ++i) {
        const int r = i / 2, e = i % 2, b = first + lane / 4 + r % 2 * 8;
        const int u = (warp / 4 * kSteps + s) * 16 + r / 2 * 8 + lane % 4 * 2 + e;
        if (b >= lstm_.batch || u >= lstm_.units) continue;
        const std::uint32_t bit = lstm_.bits_of(warp % 4, b)[u / 32] >> (u % 32) & 1;
        words[s / 4] |= bit << mask_fragment_bit(s, r, e);
      }
    }
  }

 private:
  __device__ int layer_unit() const {
    return member_ * kGroupUnits + unit_;
  }
  /// Units of this thread's pair that exist: 0 … 2.
  __device__ int width() const {
    return min(2, max(0, lstm_.units - layer_unit()));
  }
  /// The pair's gates: words, 4 apart (8 columns).
  __device__ std::uint32_t* gates(int t, int b) const {
    return reinterpret_cast<std::uint32_t*>(lstm_.z + (static_cast<std::int64_t>(t) * lstm_.batch + b) * lstm_.columns +
                                            gate_column(layer_unit(), 0));
  }

  const LstmTask<Bf16>& lstm_;
  const int member_, rows_, row_, unit_;
};

}  // namespace rondo::cuda
