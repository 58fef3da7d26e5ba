#pragma once

// Weights in bf16 or int8, widened to fp32 in registers while they are multiplied: one token reads half or a quarter of
// the bytes. Wide panels of kWide columns: of an LSTM the four gates of kPanel units, else columns in order, the last
// panel padded with zeros. [panel]: int8 its scales [kWide] in fp32; then [k] words of all columns.

#include "cpu/context.h"
#include "rondo/ops.h"

namespace rondo::cpu::RONDO_ISA {

constexpr int kWideVectors = 4 * kPanelVectors;
constexpr int kWide = 4 * kPanel;

struct ReducedPanels {
  std::int64_t count = 0;
  std::int64_t scales = 0;  ///< bytes before the words of a panel
  std::int64_t step = 0;    ///< bytes of one k
  std::int64_t stride = 0;  ///< bytes from panel to panel

  explicit ReducedPanels(const ReducedMatrix& m)
      : count(m.gates ? ceil_div(m.output / 4, kPanel) : ceil_div(m.output, kWide)),
        scales(m.precision == WeightPrecision::int8 ? kWide * static_cast<std::int64_t>(sizeof(float)) : 0),
        step(m.precision == WeightPrecision::int8 ? kWide : 2 * kWide),
        stride(scales + m.input * step) {}
};

inline std::int64_t reduced_size(const ReducedMatrix& m) {
  const ReducedPanels panels(m);
  return panels.count * panels.stride;
}

/// x W of all steps: [panel][rows][kWide].
inline std::int64_t reduced_workspace(std::int64_t rows, std::int64_t units) {
  return ceil_div(units, kPanel) * rows * kWide;
}

/// out [rows][kWide] = x [rows, k] · panel. Each element is one sum in ascending k, whatever the number of rows.
void reduced_multiply(WeightPrecision precision, const char* panel, std::int64_t rows, std::int64_t k, const float* x,
                      float* out);

void reduced_pack(CpuContext& context, const ReducedPack& op);
void reduced_dense(CpuContext& context, const ReducedDense& op);
void reduced_lstm(CpuContext& context, const ReducedLstm& op);

}  // namespace rondo::cpu::RONDO_ISA
