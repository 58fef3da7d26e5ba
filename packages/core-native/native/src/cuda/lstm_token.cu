// A block makes 8 units (32 columns) of all rows: its threads share out k, and add up over shuffles and shared memory
// in a fixed order.

#include "cuda/lstm_token.h"

#include <cstring>
#include <type_traits>

#include "cuda/device/lstm_cell.h"
#include "cuda/lstm_layout.h"

namespace rondo::cuda {
namespace {

constexpr int kThreads = 256, kColumns = 32, kWarps = kThreads / static_cast<int>(kWarp);

template <class T>
struct TokenTask {
  LstmTask<T> lstm;
  const T* w = nullptr;      ///< [I][columns]
  const float* x = nullptr;  ///< [B][I]
  int input = 0;
  Bf16* narrow_x = nullptr;
  int narrow_stride = 0;
};

template <class T, int kRows>
class TokenBlock {
 public:
  static constexpr int kChunk = 16 / static_cast<int>(sizeof(T));  // columns of one load
  static constexpr int kChunks = kColumns / kChunk, kLanes = kThreads / kChunks;

  __device__ explicit TokenBlock(const TokenTask<T>& task)
      : task_(task),
        lstm_(task.lstm),
        t_(task.lstm.time_of(0)),
        column_(static_cast<int>(blockIdx.x) * kColumns + static_cast<int>(threadIdx.x) % kChunks * kChunk),
        lane_(static_cast<int>(threadIdx.x) / kChunks),
        before_(task.lstm.h + task.lstm.slot_before(t_) * task.lstm.batch * task.lstm.units) {}

  __device__ void run() {
    for (int k = lane_; k < task_.input; k += kLanes) {
      add(task_.w + static_cast<std::int64_t>(k) * lstm_.columns, task_.x + k, task_.input, false);
    }
    for (int k = lane_; k < lstm_.units; k += kLanes) {
      add(lstm_.r + static_cast<std::int64_t>(k) * lstm_.columns, before_ + k, lstm_.units, true);
    }
    meet();
    const int b = static_cast<int>(threadIdx.x) / 8,
              u = static_cast<int>(blockIdx.x) * 8 + static_cast<int>(threadIdx.x) % 8;
    if (b < kRows && b < lstm_.batch) cell(b, u);
    if constexpr (sizeof(T) == 2) keep_operands();
  }

 private:
  /// sums += one row of weights times column `values` of the rows' operand.
  __device__ void add(const T* weights, const float* values, int stride, bool state) {
    alignas(16) T w[kChunk];
    const uint4 raw = *reinterpret_cast<const uint4*>(weights + column_);
    std::memcpy(w, &raw, sizeof(raw));
#pragma unroll
    for (int b = 0; b < kRows; ++b) {
      if (b >= lstm_.batch) break;
      const float value = state && lstm_.cut(t_, b) ? 0.0f : values[static_cast<std::int64_t>(b) * stride];
#pragma unroll
      for (int c = 0; c < kChunk; ++c) sums_[b][c] = fmaf(value, read_value(w + c), sums_[b][c]);
    }
  }

  /// All threads' sums into [warp][row][column] of shared memory.
  __device__ void meet() {
    float* out = dynamic_shared<float>() + threadIdx.x / 32 * kRows * kColumns;
#pragma unroll
    for (int b = 0; b < kRows; ++b) {
#pragma unroll
      for (int c = 0; c < kChunk; ++c) {
        float sum = sums_[b][c];
        for (int lanes = kChunks; lanes < 32; lanes *= 2) sum += __shfl_xor_sync(kAllLanes, sum, lanes);
        if (threadIdx.x % 32 < kChunks) out[b * kColumns + threadIdx.x % 32 * kChunk + c] = sum;
      }
    }
    __syncthreads();
  }

  __device__ void cell(int b, int u) {
    const std::int64_t rows = lstm_.batch, before = lstm_.slot_before(t_) * rows + b,
                       after = lstm_.slot_after(t_) * rows + b;
    CellState state{0, 0};
    if (u < lstm_.units) {
      float z[4] = {};
#pragma unroll
      for (int g = 0; g < 4; ++g) {
        const float* sums = dynamic_shared<float>() + b * kColumns + g * 8 + u % 8;
        for (int warp = 0; warp < kWarps; ++warp) z[g] += sums[warp * kRows * kColumns];
      }
      const float none[4] = {};
      state = forward_unit(lstm_, t_, b, u, z, none, 1.0f, lstm_.c[before * lstm_.units + u],
                           lstm_.h[before * lstm_.units + u]);
      lstm_.c[after * lstm_.units + u] = state.c;
      lstm_.h[after * lstm_.units + u] = state.h;
    }
    if constexpr (sizeof(T) == 2) write_value(lstm_.operand + after * lstm_.operand_stride + u, state.h);
  }

  /// x and the start state as the backward pass reads them, shared out over all blocks.
  __device__ void keep_operands() const {
    const int first = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x),
              step = static_cast<int>(gridDim.x * blockDim.x);
    for (int i = first; i < lstm_.batch * task_.narrow_stride; i += step) {
      const int b = i / task_.narrow_stride, k = i % task_.narrow_stride;
      write_value(task_.narrow_x + i, k < task_.input ? task_.x[b * task_.input + k] : 0.0f);
    }
    T* start = lstm_.operand + lstm_.slot_before(t_) * lstm_.batch * lstm_.operand_stride;
    for (int i = first; i < lstm_.batch * lstm_.operand_stride; i += step) {
      const int b = i / lstm_.operand_stride, k = i % lstm_.operand_stride;
      write_value(start + i, k < lstm_.units ? before_[b * lstm_.units + k] : 0.0f);
    }
  }

  const TokenTask<T>& task_;
  const LstmTask<T>& lstm_;
  const int t_, column_, lane_;
  const float* before_;
  float sums_[kRows][kChunk] = {};
};

template <class T, int kRows>
__global__ void __launch_bounds__(kThreads, 1) lstm_token_kernel(const __grid_constant__ TokenTask<T> task) {
  TokenBlock<T, kRows>(task).run();
}

template <class T, int kRows>
void run(CudaContext& context, const TokenTask<T>& task) {
  launch(context.stream(), Grid{static_cast<unsigned>(task.lstm.columns / kColumns)}, Block{kThreads},
         sizeof(float) * kWarps * kRows * kColumns, lstm_token_kernel<T, kRows>, task);
}

}  // namespace

bool lstm_takes_token(const LstmShape& shape) {
  return shape.time == 1 && shape.batch <= kTokenRows && shape.mask_count == 0;
}

template <class T>
void lstm_token(CudaContext& context, const LstmForward& op, const LstmTask<T>& task, Bf16* narrow_x) {
  TokenTask<T> token;
  token.lstm = task;
  token.w = at_place<T>(op.packed, LstmPacked(context.precision(), op.shape.input, op.shape.units).w);
  token.x = op.x;
  token.input = static_cast<int>(op.shape.input);
  token.narrow_x = narrow_x;
  token.narrow_stride = static_cast<int>(up_to(op.shape.input, 8));
  if (task.batch == 1) return run<T, 1>(context, token);
  run<T, kTokenRows>(context, token);
}

template void lstm_token<float>(CudaContext&, const LstmForward&, const LstmTask<float>&, Bf16*);
template void lstm_token<Bf16>(CudaContext&, const LstmForward&, const LstmTask<Bf16>&, Bf16*);

}  // namespace rondo::cuda
