#pragma once

// Shared by the two passes of the LSTM: how its packed weights and workspace are laid out, how threads split it.

#include "cpu/context.h"
#include "rondo/ops.h"

namespace rondo::cpu::RONDO_ISA {

// Matrices of a layer are kept in panels of kPanel units, so that both products that read them find their operand in
// place: [panel][row][kPanel] is A by rows and B in panels at once. Gates and their gradients: [T][panel][gate][B],
// whole vectors, 0-gradient in the padding of the last panel. P = panels of the units.

/// Packed weights: W [P][gate][I] and R [P][gate][H], each of kPanel columns; then, for the backward pass, Wᵀ
/// [panel of inputs][P][gate][kPanel] and Rᵀ [P][gate][P][kPanel], each of kPanel columns.
struct LstmPanels {
  std::int64_t units, w, r, w_t, r_t, size;

  LstmPanels(std::int64_t input, std::int64_t hidden) : units(ceil_div(hidden, kPanel)) {
    const std::int64_t columns = 4 * units * kPanel;
    w = 0;
    r = columns * input;
    w_t = r + columns * hidden;
    r_t = w_t + columns * round_up(input, kPanel);
    size = r_t + columns * units * kPanel;
  }
};

inline std::int64_t lstm_copies(const LstmShape& s) {
  return s.mask_count == 4 ? 4 : 1;
}

inline std::int64_t lstm_gates_size(const LstmShape& s) {
  return s.time * s.batch * 4 * round_up(s.units, kPanel);
}

// Workspace. Forward: x of two steps and masked h of two steps, [2][panel of inputs][B] and [2][copies][P][B], then
// table · W [P][gate][vocabulary]; backward: dh and dc [P][B]; then dW and dR [P][gate][I] and [P][gate][H], then the
// sums of dz by id [P][gate][vocabulary]; all of kPanel columns.
inline std::int64_t lstm_forward_workspace(const LstmShape& s) {
  return 2 * s.batch * (round_up(s.input, kPanel) + lstm_copies(s) * round_up(s.units, kPanel));
}
inline std::int64_t lstm_gradient_workspace(const LstmShape& s) {
  return 4 * round_up(s.units, kPanel) * (s.input + s.units);
}
inline std::int64_t lstm_workspace_size(const LstmShape& s) {
  const std::int64_t units = round_up(s.units, kPanel);
  const std::int64_t table = 4 * units * s.vocabulary;
  return larger(2 * s.batch * units, table + larger(lstm_forward_workspace(s), lstm_gradient_workspace(s)));
}

/// With fewer rows the table's product would be the larger one.
inline bool lstm_takes_table(const LstmShape& s) {
  return s.vocabulary > 0 && 2 * s.vocabulary <= s.time * s.batch;
}

/// How a team of threads shares a layer: groups own disjoint batch rows and never wait for one another; the members of
/// a group split the units and meet once per time step. groups · members ≤ threads.
struct LstmTeams {
  int groups = 1, members = 1;
};
LstmTeams lstm_teams(const LstmShape& shape, int threads);

/// A thread's place in it; no rows: it has nothing to do.
struct LstmPlace {
  int group = 0, member = 0, members = 1;
  Range rows;    ///< of the batch, the group's
  Range panels;  ///< of the units, the member's
};
LstmPlace lstm_place(const LstmShape& shape, const LstmTeams& teams, int thread);

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

/// Rows that pass by all weights together: four masked copies of their h stay in L2 beside the weights that stream by.
constexpr std::int64_t kLstmRows = 32;
static_assert(kLstmRows <= kBlockRows);

/// Batches with fewer rows project x of all steps at once: the weights are read once then, not once per step.
constexpr std::int64_t kFewRows = 2 * kTileRows;

inline bool lstm_projects_first(const LstmShape& s) {
  return s.time > 1 && s.batch < kFewRows && s.vocabulary == 0;
}

void lstm_pack(CpuContext& context, const LstmPack& op);
void lstm_forward(CpuContext& context, const LstmForward& op);
void lstm_backward(CpuContext& context, const LstmBackward& op);
/// dW (without a table), dR and db from dz of all steps.
void lstm_weight_gradients(CpuContext& context, const LstmBackward& op);
/// table · W, for the forward pass.
void lstm_project_table(CpuContext& context, const LstmForward& op);
/// dW and the table's gradient from dz of all steps.
void lstm_table_gradients(CpuContext& context, const LstmBackward& op);

}  // namespace rondo::cpu::RONDO_ISA
