// The micro-kernel: kTileRows × kPanel sums held in registers. Written once; the compiler unrolls it per row count.

#include "cpu/gemm.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

template <int kRows, bool kByColumns>
void tile(std::int64_t k, const float* a, std::int64_t lda, const float* panel, float* c, std::int64_t ldc, bool add) {
  Vf sum[kRows][kPanelVectors] = {};
  for (std::int64_t i = 0; i < k; ++i) {
    Vf b[kPanelVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; ++v) {
      b[v] = load(panel + i * kPanel + v * kLanes);
      keep_in_register(b[v]);
    }
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
      const Vf x = splat(kByColumns ? a[i * kTileRows + r] : a[r * lda + i]);
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; ++v) sum[r][v] = fma(x, b[v], sum[r][v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; ++v) {
      float* out = c + r * ldc + v * kLanes;
      store(out, add ? load(out) + sum[r][v] : sum[r][v]);
    }
  }
}

template <bool kByColumns>
void any_rows(int rows, std::int64_t k, const float* a, std::int64_t lda, const float* panel, float* c,
              std::int64_t ldc, bool add) {
  switch (rows) {
    case 1:
      return tile<1, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 2:
      return tile<2, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 3:
      return tile<3, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 4:
      return tile<4, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 5:
      return tile<5, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 6:
      return tile<6, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 7:
      return tile<7, kByColumns>(k, a, lda, panel, c, ldc, add);
    case 8:
      return tile<8, kByColumns>(k, a, lda, panel, c, ldc, add);
  }
}

}  // namespace

void gemm_tile_rows(int rows, std::int64_t k, const float* a, std::int64_t lda, const float* panel, float* c,
                    std::int64_t ldc, bool add) {
  any_rows<false>(rows, k, a, lda, panel, c, ldc, add);
}

void gemm_tile_columns(int rows, std::int64_t k, const float* a, const float* panel, float* c, std::int64_t ldc,
                       bool add) {
  any_rows<true>(rows, k, a, 0, panel, c, ldc, add);
}

}  // namespace rondo::cpu::RONDO_ISA
