// Products with reduced weights, and the dense layer on them. Few rows: the weights stream by once per block of rows.

#include "cpu/reduced.h"

namespace rondo::cpu::RONDO_ISA {
namespace {

// As many sums as there are registers for.
#if defined(__AVX512F__)
constexpr int kReducedRows = 3;
#elif defined(__aarch64__)
constexpr int kReducedRows = 2;
#else
constexpr int kReducedRows = 1;
#endif

inline Vi load_words(const char* p) {
  Vi v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}

inline Vf as_floats(Vi v) {
  Vf f;
  std::memcpy(&f, &v, sizeof(f));
  return f;
}

/// Both halves of every word are the upper halves of floats.
struct Bf16 {
  static constexpr int kVectors = 2;  ///< columns in one vector of words
  static void widen(Vi words, Vf* w) {
    w[0] = as_floats(words << 16);
    w[1] = as_floats(words & static_cast<std::int32_t>(0xFFFF0000u));
  }
};

/// Each byte becomes the top one of a word of its own, so that the number comes out times 2^24; the scale takes it
/// back.
struct Int8 {
  static constexpr int kVectors = 4;
  static void widen(Vi words, Vf* w) {
    constexpr std::int32_t kTop = static_cast<std::int32_t>(0xFF000000u);
    w[0] = __builtin_convertvector(words << 24, Vf);
    w[1] = __builtin_convertvector((words << 16) & kTop, Vf);
    w[2] = __builtin_convertvector((words << 8) & kTop, Vf);
    w[3] = __builtin_convertvector(words & kTop, Vf);
  }
};

template <class Words, int kRows>
void multiply_rows_of_panel(const char* words, std::int64_t k, const float* x, const float* scales, float* out) {
  constexpr int kLoads = kWideVectors / Words::kVectors;
  Vf sum[kRows][kWideVectors] = {};
  for (std::int64_t i = 0; i < k; ++i) {
#pragma GCC unroll 8
    for (int l = 0; l < kLoads; ++l, words += sizeof(Vi)) {
      Vf w[Words::kVectors];
      Words::widen(load_words(words), w);
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r) {
        const Vf a = splat(x[r * k + i]);
#pragma GCC unroll 4
        for (int v = 0; v < Words::kVectors; ++v) {
          Vf& s = sum[r][l * Words::kVectors + v];
          s = fma(a, w[v], s);
        }
      }
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kWideVectors; ++v) {
      store(out + r * kWide + v * kLanes,
            scales ? sum[r][v] * (load(scales + v * kLanes) * splat(0x1p-24f)) : sum[r][v]);
    }
  }
}

template <class Words, int kRows = kReducedRows>
void multiply_panel(const char* words, std::int64_t rows, std::int64_t k, const float* x, const float* scales,
                    float* out) {
  for (; rows >= kRows; rows -= kRows, x += kRows * k, out += kRows * kWide) {
    multiply_rows_of_panel<Words, kRows>(words, k, x, scales, out);
  }
  if constexpr (kRows > 1) {
    if (rows > 0) multiply_panel<Words, kRows - 1>(words, rows, k, x, scales, out);
  }
}

/// One panel's columns of y, from sums [rows][kWide].
void put_columns(const ReducedDense& op, std::int64_t panel, Range rows, const float* sums) {
  const std::int64_t first = panel * kWide;
  const std::int64_t columns = smaller<std::int64_t>(kWide, op.matrix.output - first);
  for (std::int64_t r = rows.begin; r < rows.end; ++r, sums += kWide) {
    float* y = op.y + r * op.matrix.output + first;
    for (std::int64_t i = 0; i < columns; i += kLanes) {
      const int n = static_cast<int>(smaller<std::int64_t>(kLanes, columns - i));
      store(y + i, load(sums + i) + load(op.bias + first + i, n), n);
    }
  }
}

}  // namespace

void reduced_multiply(WeightPrecision precision, const char* panel, std::int64_t rows, std::int64_t k, const float* x,
                      float* out) {
  if (precision == WeightPrecision::bf16) return multiply_panel<Bf16>(panel, rows, k, x, nullptr, out);
  const float* scales = reinterpret_cast<const float*>(panel);
  multiply_panel<Int8>(panel + kWide * sizeof(float), rows, k, x, scales, out);
}

void reduced_dense(CpuContext& context, const ReducedDense& op) {
  constexpr std::int64_t kRowsAtOnce = 6;
  const ReducedPanels panels(op.matrix);
  context.parallel_for(panels.count, 1, op.rows * op.matrix.input * kWide, [&](Range range) {
    float sums[kRowsAtOnce * kWide];
    for (std::int64_t p = range.begin; p < range.end; ++p) {
      for (std::int64_t r = 0; r < op.rows; r += kRowsAtOnce) {
        const Range rows{r, smaller(op.rows, r + kRowsAtOnce)};
        reduced_multiply(op.matrix.precision, op.packed + p * panels.stride, rows.end - rows.begin, op.matrix.input,
                         op.x + r * op.matrix.input, sums);
        put_columns(op, p, rows, sums);
      }
    }
  });
}

}  // namespace rondo::cpu::RONDO_ISA
