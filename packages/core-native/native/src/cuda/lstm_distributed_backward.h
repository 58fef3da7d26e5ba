#pragma once

// All backward steps in one launch, groups as clusters: a member multiplies the dz of its own 32 units, which no other
// one needs to see, and stores what they hand down to each member's units (16 rows × 32 units, float) into that
// member's shared memory. There the parts are added in the order of their members. Masks act on each gate's part.

#include <cstdint>

#include "cuda/device/cell_pair.h"
#include "cuda/device/exchange.h"
#include "cuda/device/scatter_weights.h"

namespace rondo::cuda {

/// Shared memory of a block; places in bytes. A buffer holds a part of each member: [members][16 rows][32 units].
template <int kHalves>
struct DistributedBackwardShared {
  static constexpr int kMembers = 8 * kHalves;
  static constexpr int kStride = 4 * kGroupUnits + 8;  ///< of dz: 16 rows of [gate][unit]
  static constexpr int kDzBytes = kTileRows * kStride * 2;
  static constexpr int kTiles = 2 * kDzBytes;  ///< behind both dz
  static constexpr int kBufferBytes = kMembers * kTileRows * kGroupUnits * 4;
  static constexpr int kStateBytes = 2 * kTileRows * kGroupUnits * 4;  ///< dc and dh
  static constexpr int kTileBytes = 2 * kBufferBytes + kStateBytes + kTileRows * 4 * kMembers * 4;

  static constexpr int bytes(int tiles) { return kTiles + tiles * kTileBytes + Exchange::bytes_of(tiles); }
};

template <int kHalves>
class DistributedBackward {
 public:
  using Shared = DistributedBackwardShared<kHalves>;

  __device__ explicit DistributedBackward(const PersistentTask& task)
      : task_(task),
        lstm_(task.lstm),
        pair_(task),
        lane_(static_cast<int>(threadIdx.x) % 32),
        warp_(static_cast<int>(threadIdx.x) / 32),
        shared_(dynamic_shared<char>()),
        exchange_(reinterpret_cast<ArrivalBarrier*>(shared_ + Shared::kTiles + task.tiles * Shared::kTileBytes),
                  static_cast<std::uint32_t>(task.members * kTileRows * kGroupUnits * 4), task.failure) {
    weights_.load(task.fragments + static_cast<std::int64_t>(pair_.member()) * scatter_words(kHalves));
  }

  __device__ void run() {
    for (int tile = 0; tile < task_.tiles; ++tile) prepare(tile);
    exchange_.start(task_.tiles);
    __syncthreads();
    for (int i = 0; i < lstm_.time; ++i) {
      for (int tile = 0; tile < task_.tiles; ++tile) {
        if (!backward(i, tile)) return;
      }
    }
  }

 private:
  __device__ char* tile_memory(int tile) const { return shared_ + Shared::kTiles + tile * Shared::kTileBytes; }
  /// The parts of dh that iteration i hands down.
  __device__ float* buffer(int tile, int i) const {
    return reinterpret_cast<float*>(tile_memory(tile) + (i & 1) * Shared::kBufferBytes);
  }
  __device__ static int place(int member, int row, int unit) { return (member * kTileRows + row) * kGroupUnits + unit; }
  __device__ float2* state(int tile, int which) const {
    return reinterpret_cast<float2*>(tile_memory(tile) + 2 * Shared::kBufferBytes) + which * kPersistentThreads +
           threadIdx.x;
  }
  /// Mask words of all units, [row][gate][member].
  __device__ std::uint32_t* mask(int tile) const {
    return reinterpret_cast<std::uint32_t*>(tile_memory(tile) + 2 * Shared::kBufferBytes + Shared::kStateBytes);
  }
  __device__ Bf16* dz(int count) const { return reinterpret_cast<Bf16*>(shared_ + (count & 1) * Shared::kDzBytes); }

  __device__ void prepare(int tile) {
    *state(tile, 0) = {0, 0};
    *state(tile, 1) = {0, 0};
    if (lstm_.mask_count == 0) return;
    constexpr int kRowWords = 4 * Shared::kMembers;
    for (int i = static_cast<int>(threadIdx.x); i < kTileRows * kRowWords; i += kPersistentThreads) {
      const int b = pair_.batch_row(tile, i / kRowWords), member = i % Shared::kMembers;
      const bool there = b < lstm_.batch && member < lstm_.bit_words;
      mask(tile)[i] = there ? lstm_.bits_of(i / Shared::kMembers % 4, b)[member] : 0;
    }
  }

  /// Index i counts from the last step.
  __device__ bool backward(int i, int tile) {
    const int step = lstm_.time - 1 - i, t = lstm_.time_of(step), b = pair_.batch_row(tile);
    const bool mine = pair_.exists(b);
    BackwardPair pair;
    if (mine) pair = pair_.read_backward(step, t, b);  // on its way while the others finish their step
    if (i > 0) {
      if (!exchange_.wait(tile, i - 1)) return false;
      if (mine) receive(lstm_.time_of(step + 1), b, tile, i - 1, pair.dh);
    }
    GatePairs out;
    if (mine) out = pair_.differentiate_pair(t, b, pair, *state(tile, 0), *state(tile, 1));
    if (i + 1 < lstm_.time) hand_down(i, tile, out);
    if (mine) pair_.write_gates(t, b, out);  // what no other block waits for
    return true;
  }

  /// dh += what the step at time `later` hands down.
  __device__ void receive(int later, int b, int tile, int i, float2& dh) const {
    float2 down{0, 0};
    if (lstm_.frozen(later, b)) {
      down = *state(tile, 1);
    } else if (!lstm_.cut(later, b)) {
      const float* parts = buffer(tile, i) + place(0, pair_.row(), pair_.unit());
#pragma unroll 4
      for (int member = 0; member < task_.members; ++member) {
        const float2 part = *reinterpret_cast<const float2*>(parts + place(member, 0, 0));
        down = {down.x + part.x, down.y + part.y};
      }
      const float scale = lstm_.scale_value();
      down = {down.x * scale, down.y * scale};
    }
    dh = {dh.x + down.x, dh.y + down.y};
  }

  /// The two dz take turns: a slow warp still reads one while the next is written, and the barrier between keeps it
  /// from falling behind by two.
  __device__ void hand_down(int i, int tile, const GatePairs& out) {
    Bf16* const own = dz(i * task_.tiles + tile);
#pragma unroll
    for (int g = 0; g < 4; ++g) {
      const int at = pair_.row() * Shared::kStride + g * kGroupUnits + pair_.unit();
      *reinterpret_cast<std::uint32_t*>(own + at) = out.word[g];
    }
    __syncthreads();
    const Bf16* const row = own + lane_ % 16 * Shared::kStride + lane_ / 16 * 8;
#pragma unroll
    for (int half = 0; half < kHalves; ++half) {
      const int member = warp_ * kHalves + half;
      if (member >= task_.members) continue;
      float sums[4][4] = {};
      if (lstm_.mask_count) {
        masked_sums(sums, half, row, mask(tile) + member);
      } else {
#pragma unroll
        for (int g = 0; g < 4; ++g) gate_sums(sums, half, g, row);
      }
      send(sums, i, tile, member);
    }
  }

  __device__ void gate_sums(float (&sums)[4][4], int half, int gate, const Bf16* row) const {
    weights_.multiply(sums, half, gate, [row, gate](int k) { return row + gate * kGroupUnits + k; });
  }

  /// `words`: of the receiving member, for row 0 and gate 0.
  __device__ void masked_sums(float (&sums)[4][4], int half, const Bf16* row, const std::uint32_t* words) const {
#pragma unroll
    for (int g = 0; g < 4; ++g) {
      float part[4][4] = {};
      gate_sums(part, half, g, row);
#pragma unroll
      for (int r = 0; r < 2; ++r) {
        // This lane's columns of block j are the bits 8 j and 8 j + 1.
        const std::uint32_t kept = words[((lane_ / 4 + r * 8) * 4 + g) * Shared::kMembers] >> (lane_ % 4 * 2);
#pragma unroll
        for (int j = 0; j < 4; ++j) {
          if (kept & (1u << (8 * j))) sums[j][r * 2] += part[j][r * 2];
          if (kept & (2u << (8 * j))) sums[j][r * 2 + 1] += part[j][r * 2 + 1];
        }
      }
    }
  }

  /// Neighbouring lanes swap pairs, so that each has four columns of one row.
  __device__ void send(const float (&sums)[4][4], int i, int tile, int member) {
    const bool odd = lane_ % 2 != 0;
    float* const target = buffer(tile, i) + place(pair_.member(), lane_ / 4 + (odd ? 8 : 0), lane_ % 4 / 2 * 4);
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      const float(&s)[4] = sums[j];
      const float x = __shfl_xor_sync(kAllLanes, odd ? s[0] : s[2], 1);
      const float y = __shfl_xor_sync(kAllLanes, odd ? s[1] : s[3], 1);
      const uint4 chunk{__float_as_uint(odd ? x : s[0]), __float_as_uint(odd ? y : s[1]),
                        __float_as_uint(odd ? s[2] : x), __float_as_uint(odd ? s[3] : y)};
      exchange_.send(chunk, target + j * 8, tile, i, member);
    }
  }

  const PersistentTask& task_;
  const LstmTask<Bf16>& lstm_;
  const CellPair pair_;
  const int lane_, warp_;
  char* shared_;
  Exchange exchange_;
  ScatterWeights<kHalves> weights_;
};

template <int kHalves>
__global__ void __launch_bounds__(kPersistentThreads, 1)
    lstm_distributed_backward_kernel(const __grid_constant__ PersistentTasks tasks) {
  DistributedBackward<kHalves>(tasks.direction[blockIdx.z]).run();
}

}  // namespace rondo::cuda
