#pragma once

// Shared by the two passes of the LSTM: how its packed weights and workspace are laid out, how threads split it.

#include "cpu/context.h"
#include "rondo/ops.h"

namespace rondo::cpu::RONDO_ISA {

/// Packed weights: W [I × 4H] in panels; R per gate [H × H] in panels; then, for the backward pass,
/// Wᵀ [4H × I] in panels and Rᵀ [4H × H] in panels (rows gate by gate).
struct LstmPanels {
  std::int64_t w, r, r_gate, w_t, r_t, size;

  LstmPanels(std::int64_t input, std::int64_t units) {
    w = 0;
    r = packed_size(input, 4 * units);
    r_gate = packed_size(units, units);
    w_t = r + 4 * r_gate;
    r_t = w_t + packed_size(4 * units, input);
    size = r_t + packed_size(4 * units, units);
  }
};

/// Row strides of workspaces: whole vectors, and never a power of two (rows of a tile would share a cache set).
constexpr std::int64_t row_stride(std::int64_t n) {
  return round_up(n, 16) + 16;
}

/// Workspace of the forward pass: masked h, [2][copies][B] × row_stride(H); of the backward pass: dz
/// [2][B] × row_stride(4H), dh and dc [B] × row_stride(H).
inline std::int64_t lstm_copies(const LstmShape& s) {
  return s.mask_count == 4 ? 4 : 1;
}
inline std::int64_t lstm_workspace_size(const LstmShape& s) {
  const std::int64_t forward = 2 * lstm_copies(s) * s.batch * row_stride(s.units);
  const std::int64_t backward = s.batch * (2 * row_stride(4 * s.units) + 2 * row_stride(s.units));
  return larger(forward, backward);
}

/// A thread's place: groups own disjoint batch rows and never wait for one another; the members of a group split the
/// units and meet once per time step.
struct LstmPlace {
  int group = 0, members = 1;
  Range rows;    ///< of the batch, the group's
  Range panels;  ///< of the units, the member's
};

inline int lstm_groups(const LstmShape& s, int threads) {
  return static_cast<int>(smaller<std::int64_t>(threads, ceil_div(s.batch, kTileRows)));
}

inline int lstm_members(const LstmShape& s, int threads) {
  const std::int64_t panels = ceil_div(s.units, kPanel);
  return static_cast<int>(smaller<std::int64_t>(threads / lstm_groups(s, threads), panels));
}

inline LstmPlace lstm_place(const LstmShape& s, int threads, int index) {
  const int groups = lstm_groups(s, threads);
  const int members = lstm_members(s, threads);
  LstmPlace place;
  if (index >= groups * members) return place;
  place.group = index / members;
  place.members = members;
  place.rows = part(s.batch, kTileRows, place.group, groups);
  place.panels = part(ceil_div(s.units, kPanel), 1, index % members, members);
  return place;
}

/// What the order of processing means for time: step s of the loop, slots of the states, borders.
struct LstmTime {
  const LstmShape& shape;

  std::int64_t at(std::int64_t s) const { return shape.reverse ? shape.time - 1 - s : s; }
  std::int64_t slot_before(std::int64_t t) const { return shape.reverse ? t + 1 : t; }
  std::int64_t slot_after(std::int64_t t) const { return shape.reverse ? t : t + 1; }
  bool frozen(std::int64_t t, std::int64_t b) const { return shape.lengths && t >= shape.lengths[b]; }
  /// The state before step t counts as zero.
  bool cut(std::int64_t t, std::int64_t b) const {
    const std::int64_t border = shape.reverse ? t + 1 : t;
    return shape.resets && border < shape.time && shape.resets[border * shape.batch + b];
  }
  /// The borders as the product dR needs them.
  RowFilter filter(const float* mask) const {
    RowFilter f;
    f.mask = mask;
    f.mask_rows = shape.batch;
    f.mask_ld = shape.units;
    f.resets = shape.resets;
    f.reset_shift = shape.reverse ? shape.batch : 0;
    f.reset_count = shape.time * shape.batch;
    return f;
  }
};

/// Rows of a batch that one panel is multiplied with before the point-wise part: their sums stay in L1/L2.
constexpr std::int64_t kLstmChunk = kBlockRows / 2;

void lstm_pack(CpuContext& context, const LstmPack& op);
void lstm_forward(CpuContext& context, const LstmForward& op);
void lstm_backward(CpuContext& context, const LstmBackward& op);

}  // namespace rondo::cpu::RONDO_ISA
