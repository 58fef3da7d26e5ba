#pragma once

// The kernels of one step: a block makes 32 rows × 16 units. Its four warps take a gate each through the sum over k, in
// tiles that a pipeline of asynchronous copies brings; then the sums meet in shared memory for the cells.

#include "cuda/device/lstm_cell.h"
#include "cuda/device/step_arithmetic.h"

namespace rondo::cuda {

template <Arithmetic kArithmetic, bool kForward>
class StepBlock {
 public:
  using Math = StepArithmetic<kArithmetic, kForward>;
  using T = typename Math::Element;
  static constexpr int kStageSize = Math::TileA::kSize + Math::TileB::kSize;
  static constexpr int kSumStride = kStepUnits + 1, kSumSize = 4 * kStepRows * kSumStride;
  static constexpr std::size_t kStageBytes = sizeof(T) * Math::kStages * kStageSize;
  static constexpr std::size_t kSharedBytes = kStageBytes + sizeof(float) * kSumSize;

  __device__ StepBlock(const LstmTask<T>& task, int step, bool a_aligned)
      : task_(task),
        step_(step),
        t_(task.time_of(step)),
        a_aligned_(a_aligned),
        row_(static_cast<int>(blockIdx.y) * kStepRows),
        unit_(static_cast<int>(blockIdx.x) * kStepUnits),
        gate_(static_cast<int>(threadIdx.x) / 32),
        tiles_(dynamic_shared<T>()),
        sums_(reinterpret_cast<float*>(dynamic_shared<char>() + kStageBytes)) {}

  __device__ void run() {
    if (kForward || step_ + 1 < task_.time) accumulate();
    wait_copies<0>();
    math_.for_sums(
        [this](int row, int unit, float sum) { sums_[(gate_ * kStepRows + row) * kSumStride + unit] = sum; });
    __syncthreads();
    for (int i = static_cast<int>(threadIdx.x); i < kStepRows * kStepUnits; i += kStepThreads) {
      const int row = i / kStepUnits, unit = i % kStepUnits;
      if (row_ + row >= task_.batch) continue;
      float sums[4];
#pragma unroll
      for (int g = 0; g < 4; ++g) sums[g] = sums_[(g * kStepRows + row) * kSumStride + unit];
      if constexpr (kForward) {
        forward(row_ + row, unit_ + unit, sums);
      } else {
        backward(row_ + row, unit_ + unit, sums);
      }
    }
  }

 private:
  __device__ T* stage(int s) const {
    return tiles_ + s % Math::kStages * kStageSize;
  }

  __device__ void accumulate() {
    const int steps = (task_.units + Math::kDepth - 1) / Math::kDepth;
    for (int s = 0; s < Math::kStages - 1; ++s) load(s, steps);
    for (int s = 0; s < steps; ++s) {
      wait_copies<Math::kStages - 2>();
      __syncthreads();  // stage s is there for all, and nobody reads stage s − 1 any more
      load(s + Math::kStages - 1, steps);
      math_.multiply(stage(s), stage(s) + Math::TileA::kSize, gate_, bits_at(s * Math::kDepth));
    }
  }

  __device__ void load(int s, int steps) {
    if (s < steps) {
      const int k = s * Math::kDepth;
      T* tiles = stage(s);
      if constexpr (kForward) {
        load_forward(tiles, k);
      } else {
        load_backward(tiles, k);
      }
    }
    commit_copies();
  }

  __device__ void load_forward(T* tiles, int k) {
    const Operand h{nullptr, task_.operand_stride, 0, 8, true}, r{nullptr, task_.columns, 0, 8, false};
    const T* before = task_.operand + task_.slot_before(t_) * task_.batch * task_.operand_stride;
    Math::TileA::template load<kStepThreads>(tiles, h, before, a_aligned_, {row_, task_.batch, k, task_.units},
                                             [this](int b) { return !task_.cut(t_, b); });
    Math::TileB::template load<kStepThreads>(tiles + Math::TileA::kSize, r, task_.r, true,
                                             {k, task_.units, gate_column(unit_, 0), task_.columns},
                                             [](int) { return true; });
  }

  __device__ void load_backward(T* tiles, int k) {
    const Operand rows{nullptr, task_.columns, 0, 8, true};
    const T* dz = task_.z + static_cast<std::int64_t>(task_.time_of(step_ + 1)) * task_.batch * task_.columns;
    const int column = gate_column(k, 0);
    Math::TileA::template load<kStepThreads>(tiles, rows, dz, true, {row_, task_.batch, column, task_.columns},
                                             [](int) { return true; });
    Math::TileB::template load<kStepThreads>(tiles + Math::TileA::kSize, rows, task_.r, true,
                                             {unit_, task_.units, column, task_.columns}, [](int) { return true; });
  }

  /// Bits for k … k + kDepth − 1 in the lowest bits.
  __device__ RowBits bits_at(int k) const {
    RowBits bits;
    if constexpr (kForward) {
      if (task_.mask_count == 0) return bits;
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int b = row_ + Math::bit_row(i);
        bits.word[i] = b < task_.batch ? task_.bits_of(gate_, b)[k / 32] >> (k % 32) : 0;
      }
    }
    return bits;
  }

  __device__ void forward(int b, int u, const float (&sums)[4]) {
    const std::int64_t rows = task_.batch, before = task_.slot_before(t_) * rows + b,
                       after = task_.slot_after(t_) * rows + b;
    const bool exists = u < task_.units;
    CellState state{0, 0};
    if (exists) {
      const T* column = task_.z + (static_cast<std::int64_t>(t_) * rows + b) * task_.columns + gate_column(u, 0);
      const float z[4] = {read_value(column), read_value(column + 8), read_value(column + 16), read_value(column + 24)};
      state = forward_unit(task_, t_, b, u, z, sums, task_.scale_value(), task_.c[before * task_.units + u],
                           task_.h[before * task_.units + u]);
      task_.c[after * task_.units + u] = state.c;
      task_.h[after * task_.units + u] = state.h;
    }
    if constexpr (kArithmetic == Arithmetic::bf16) {  // the copy is padded with zeros
      if (u < task_.operand_stride) write_value(task_.operand + after * task_.operand_stride + u, state.h);
    }
  }

  __device__ void backward(int b, int u, const float (&sums)[4]) {
    if (u >= task_.units) {
      if (u < task_.columns / 4) pad(b, u);
      return;
    }
    const std::int64_t place = static_cast<std::int64_t>(b) * task_.units + u;
    float dh = 0, dc = 0;
    if (step_ + 1 < task_.time) {
      dh = received(b, u, sums);
      dc = task_.dc[place];
    }
    if (const float* dy = task_.upstream(step_, b)) dh += dy[u];
    if (task_.lengths && task_.frozen(t_, b)) task_.dh[place] = dh;
    task_.dc[place] = backward_unit(task_, t_, b, u, dh, dc);
  }

  /// dh that the step after this one hands down.
  __device__ float received(int b, int u, const float (&sums)[4]) const {
    const int later = task_.time_of(step_ + 1);
    if (task_.frozen(later, b)) return task_.dh[static_cast<std::int64_t>(b) * task_.units + u];
    if (task_.cut(later, b)) return 0;
    float dh = 0;
#pragma unroll
    for (int g = 0; g < 4; ++g) dh = fmaf(task_.kept(g, b, u), sums[g], dh);
    return dh * task_.scale_value();
  }

  /// Units that are not there have no gradient: products read them.
  __device__ void pad(int b, int u) {
    T* dz = task_.z + (static_cast<std::int64_t>(t_) * task_.batch + b) * task_.columns + gate_column(u, 0);
#pragma unroll
    for (int g = 0; g < 4; ++g) write_value(dz + 8 * g, 0.0f);
  }

  const LstmTask<T>& task_;
  const int step_, t_;
  const bool a_aligned_;
  const int row_, unit_, gate_;
  T* tiles_;
  float* sums_;
  Math math_;
};

template <Arithmetic kArithmetic, bool kForward>
__global__ void __launch_bounds__(kStepThreads)
    lstm_step_kernel(const __grid_constant__ LstmTask<typename StepArithmetic<kArithmetic, kForward>::Element> task,
                     int step, bool a_aligned) {
  StepBlock<kArithmetic, kForward>(task, step, a_aligned).run();
}

}  // namespace rondo::cuda
