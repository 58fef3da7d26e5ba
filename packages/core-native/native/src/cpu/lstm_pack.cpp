// The weights of an LSTM layer in the order in which its products read them.

#include "cpu/lstm.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

/// Columns of one panel of units that exist.
std::int64_t width(std::int64_t units, std::int64_t panel) {
  return smaller<std::int64_t>(kPanel, units - panel * kPanel);
}

/// [P][gate][k] of a matrix (k, 4H).
void pack_columns_of_gates(CpuContext& context, const float* b, std::int64_t k, std::int64_t units, float* out) {
  context.parallel_for(4 * ceil_div(units, kPanel), 1, k * kPanel, [&](Range columns) {
    for (std::int64_t c = columns.begin; c < columns.end; ++c) {
      const std::int64_t panel = c / 4, gate = c % 4;
      pack_panels(b, 4 * units, false, 0, k, gate * units + panel * kPanel, width(units, panel), out + c * k * kPanel);
    }
  });
}

/// One block of the transposed of a matrix (n, 4H): kPanel rows (one gate, one panel of units; 0 in the padding).
void pack_rows_of_gate(const float* b, std::int64_t units, std::int64_t gate, std::int64_t panel, std::int64_t n0,
                       std::int64_t n, float* out) {
  const std::int64_t rows = width(units, panel);
  if (rows < kPanel) std::memset(out, 0, sizeof(float) * kPanel * kPanel);
  pack_panels(b, 4 * units, true, gate * units + panel * kPanel, rows, n0, n, out);
}

/// Per panel of columns all gates and panels of units, ordered [P][gate] or [gate][P].
void pack_transposed(CpuContext& context, const float* b, std::int64_t columns, std::int64_t units, bool gates_inside,
                     float* out) {
  const std::int64_t panels = ceil_div(units, kPanel);
  context.parallel_for(ceil_div(columns, kPanel), 1, 4 * panels * kPanel * kPanel, [&](Range range) {
    for (std::int64_t c = range.begin; c < range.end; ++c) {
      const std::int64_t n = smaller<std::int64_t>(kPanel, columns - c * kPanel);
      for (std::int64_t i = 0; i < 4 * panels; ++i) {
        pack_rows_of_gate(b, units, gates_inside ? i % 4 : i / panels, gates_inside ? i / 4 : i % panels, c * kPanel, n,
                          out + (c * 4 * panels + i) * kPanel * kPanel);
      }
    }
  });
}

}  // namespace

void lstm_pack(CpuContext& context, const LstmPack& op) {
  const LstmPanels layout(op.input, op.units);
  pack_columns_of_gates(context, op.kernel, op.input, op.units, op.packed + layout.w);
  pack_columns_of_gates(context, op.recurrent, op.units, op.units, op.packed + layout.r);
  if (!op.transposes) return;
  pack_transposed(context, op.kernel, op.input, op.units, true, op.packed + layout.w_t);
  pack_transposed(context, op.recurrent, op.units, op.units, false, op.packed + layout.r_t);
}

}  // namespace rondo::cpu::RONDO_ISA
