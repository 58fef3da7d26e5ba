#pragma once

// All forward steps in one launch, groups as clusters: what a member makes of h (16 rows × 32 units, 1 KB) it stores
// into the shared memory of every member. Nothing that the next step waits for goes through L2.

#include <cstdint>

#include "async_copy.h"
#include "cuda/device/cell_pair.h"
#include "cuda/device/exchange.h"
#include "cuda/device/member_product.h"

namespace rondo::cuda {

/// Shared memory of a block; places in bytes. A buffer holds h of all members: [kSteps members][16 rows][kStride].
template <int kSteps>
struct DistributedForwardShared {
  static constexpr int kStride = kGroupUnits + 8;  // 80 bytes: eight rows of 16 bytes on different banks
  static constexpr int kBufferBytes = kSteps * kTileRows * kStride * 2;
  static constexpr int kStateBytes = 2 * kTileRows * kGroupUnits * 4;  ///< c and h
  static constexpr int kWords = mask_fragment_words(kSteps);
  static constexpr int kTileBytes = 2 * kBufferBytes + kStateBytes + kPersistentThreads * kWords * 4;
  static constexpr int kTiles = MemberProduct<kSteps>::kBytes;  ///< behind the sums

  static constexpr int bytes(int tiles) { return kTiles + tiles * kTileBytes + Exchange::bytes_of(tiles); }
};

template <int kSteps>
class DistributedForward {
 public:
  using Shared = DistributedForwardShared<kSteps>;

  __device__ explicit DistributedForward(const PersistentTask& task)
      : task_(task),
        lstm_(task.lstm),
        pair_(task),
        shared_(dynamic_shared<char>()),
        exchange_(reinterpret_cast<ArrivalBarrier*>(shared_ + Shared::kTiles + task.tiles * Shared::kTileBytes),
                  static_cast<std::uint32_t>(task.members * kTileRows * kGroupUnits * 2), task.failure),
        product_(task.fragments, pair_.member(), reinterpret_cast<float*>(shared_)) {}

  __device__ void run() {
    for (int tile = 0; tile < task_.tiles; ++tile) prepare(tile);
    commit_copies();
    wait_copies<0>();
    exchange_.start(task_.tiles);
    __syncthreads();
    for (int step = 0; step < lstm_.time; ++step) {
      for (int tile = 0; tile < task_.tiles; ++tile) {
        if (!forward(step, tile)) return;
      }
    }
  }

 private:
  __device__ char* tile_memory(int tile) const { return shared_ + Shared::kTiles + tile * Shared::kTileBytes; }
  /// h of step `step`; that before the first one has step −1.
  __device__ Bf16* buffer(int tile, int step) const {
    return reinterpret_cast<Bf16*>(tile_memory(tile) + (step & 1) * Shared::kBufferBytes);
  }
  __device__ static int place(int member, int row, int unit) {
    return (member * kTileRows + row) * Shared::kStride + unit;
  }
  __device__ float2* state(int tile, int which) const {
    return reinterpret_cast<float2*>(tile_memory(tile) + 2 * Shared::kBufferBytes) + which * kPersistentThreads +
           threadIdx.x;
  }
  __device__ std::uint32_t* mask(int tile) const {
    return reinterpret_cast<std::uint32_t*>(tile_memory(tile) + 2 * Shared::kBufferBytes + Shared::kStateBytes) +
           threadIdx.x * Shared::kWords;
  }

  /// The states before the first step; zeros where members are missing.
  __device__ void prepare(int tile) {
    float2 c{0, 0}, h{0, 0};
    pair_.start(pair_.batch_row(tile), c, h);
    *state(tile, 0) = c;
    *state(tile, 1) = h;
    if (lstm_.mask_count) pair_.template mask_fragments<kSteps>(pair_.batch_row(tile, 0), mask(tile));
    const int t = lstm_.time_of(0);
    const Bf16* before = lstm_.operand + lstm_.slot_before(t) * lstm_.batch * lstm_.operand_stride;
    constexpr int kChunks = kSteps * kGroupUnits / 8;
    for (int i = static_cast<int>(threadIdx.x); i < kTileRows * kChunks; i += kPersistentThreads) {
      const int row = i / kChunks, unit = i % kChunks * 8, b = pair_.batch_row(tile, row);
      const bool wanted = b < lstm_.batch && unit < lstm_.operand_stride && !lstm_.cut(t, b);
      const int at = place(unit / kGroupUnits, row, unit % kGroupUnits);
      copy_16(buffer(tile, -1) + at,
              wanted ? before + static_cast<std::int64_t>(b) * lstm_.operand_stride + unit : lstm_.z, wanted);
      copy_16(buffer(tile, 0) + at, lstm_.z, false);
    }
  }

  __device__ bool forward(int step, int tile) {
    const int t = lstm_.time_of(step), b = pair_.batch_row(tile);
    const bool mine = pair_.exists(b);
    GatePairs z;
    if (mine) z = pair_.read_gates(t, b);  // on its way while the others finish their step
    if (step > 0 && !exchange_.wait(tile, step - 1)) return false;
    if (task_.tiles > 1) __syncthreads();  // with one, what has come says that everybody has read the sums before
    const Bf16* h_before = buffer(tile, step - 1);
    product_.multiply([h_before](int row, int k) { return h_before + place(k / kGroupUnits, row, k % kGroupUnits); },
                      lstm_.mask_count ? mask(tile) : nullptr);
    float2 c = *state(tile, 0), h = *state(tile, 1);
    if (mine) {
      const auto sum = [this](int g) { return product_.sum_of(g, pair_.row(), pair_.unit()); };
      z = pair_.advance_pair(t, b, z, sum, c, h);
    }
    const std::uint32_t word = pack_bf16(h.x, h.y);
    if (step + 1 < lstm_.time) send(step, tile, mine && !lstm_.cut(lstm_.time_of(step + 1), b) ? word : 0);
    if (mine) {  // what no other block waits for
      *state(tile, 0) = c;
      *state(tile, 1) = h;
      pair_.write_operand(t, b, word);
      pair_.write_gates(t, b, z);
      pair_.write_states(t, b, c, h);
    }
    return true;
  }

  /// Four lanes put their pairs together to 16 bytes, and share the members out among them.
  __device__ void send(int step, int tile, std::uint32_t word) {
    const int lane = static_cast<int>(threadIdx.x) % 4;
    const uint4 chunk{__shfl_sync(kAllLanes, word, 0, 4), __shfl_sync(kAllLanes, word, 1, 4),
                      __shfl_sync(kAllLanes, word, 2, 4), __shfl_sync(kAllLanes, word, 3, 4)};
    Bf16* target = buffer(tile, step) + place(pair_.member(), pair_.row(), pair_.unit() / 8 * 8);
    for (int member = lane; member < task_.members; member += 4) exchange_.send(chunk, target, tile, step, member);
  }

  const PersistentTask& task_;
  const LstmTask<Bf16>& lstm_;
  const CellPair pair_;
  char* shared_;
  Exchange exchange_;
  MemberProduct<kSteps> product_;
};

template <int kSteps>
__global__ void __launch_bounds__(kPersistentThreads, 1)
    lstm_distributed_forward_kernel(const __grid_constant__ PersistentTasks tasks) {
  DistributedForward<kSteps>(tasks.direction[blockIdx.z]).run();
}

}  // namespace rondo::cuda
