#pragma once

// All steps of a pass in one launch, bf16. Groups of blocks own batch rows and never wait for one another; the members
// of a group own 32 units each and keep those units' recurrent weights in registers for the whole pass. At every step a
// member reads what all members made at the step before (forward h, backward dz: 16 rows at a time) from L2,
// multiplies, adds up its warps' sums in shared memory in a fixed order, and does its cells.
//
// Backward, too, members gather (dz of all units) and do not scatter sums of dh: a unit's sum has one owner and one
// order, and L2 gives everybody the same lines. Where members reach one another's shared memory it is the other way
// round: lstm_distributed_backward.h.

#include <cstdint>

#include "async_copy.h"
#include "cuda/device/cell_pair.h"
#include "cuda/device/group_flags.h"
#include "cuda/device/member_product.h"

namespace rondo::cuda {

/// Shared memory of a block; places in bytes.
template <int kSteps, bool kForward>
struct PersistentShared {
  static constexpr int kDepth = 32 * kSteps;  ///< units that the registers have room for
  static constexpr int kStride = (kForward ? kDepth : 4 * kDepth) + 8;
  static constexpr int kWords = mask_fragment_words(kSteps);
  static constexpr int kOperand = 0;
  static constexpr int kSums = kOperand + kTileRows * kStride * 2;
  static constexpr int kState = kSums + MemberProduct<kSteps>::kBytes;
  static constexpr int kStateBytes = 2 * kTileRows * kGroupUnits * 4;  ///< per tile: c and h, or dc and dh
  static constexpr int kMaskBytes = kForward ? kPersistentThreads * kWords * 4 : kTileRows * 4 * 4;

  static constexpr int bytes(int tiles) { return kState + tiles * (kStateBytes + kMaskBytes); }
};

template <int kSteps, bool kForward, class Group>
class PersistentBlock {
 public:
  using Shared = PersistentShared<kSteps, kForward>;

  __device__ PersistentBlock(const PersistentTask& task, const Group& group)
      : task_(task),
        lstm_(task.lstm),
        pair_(task),
        shared_(dynamic_shared<char>()),
        group_(group),
        product_(task.fragments, pair_.member(), reinterpret_cast<float*>(shared_ + Shared::kSums)) {}

  __device__ void run() {
    for (int tile = 0; tile < task_.tiles; ++tile) prepare(tile);
    __syncthreads();
    for (int i = 0; i < lstm_.time; ++i) {
      for (int tile = 0; tile < task_.tiles; ++tile) {
        if constexpr (kForward) {
          if (!forward(i, tile)) return;
        } else {
          if (!backward(i, tile)) return;
        }
      }
    }
    group_.finish();
  }

 private:
  __device__ Bf16* operand() const { return reinterpret_cast<Bf16*>(shared_ + Shared::kOperand); }
  /// This thread's two units of c and then of h (forward), or of dc and then of dh.
  __device__ float2* state(int tile, int which) const {
    return reinterpret_cast<float2*>(shared_ + Shared::kState + tile * Shared::kStateBytes) +
           which * kPersistentThreads + threadIdx.x;
  }
  __device__ std::uint32_t* mask(int tile) const {
    return reinterpret_cast<std::uint32_t*>(shared_ + Shared::kState + task_.tiles * Shared::kStateBytes +
                                            tile * Shared::kMaskBytes);
  }

  __device__ void prepare(int tile) {
    float2 first{0, 0}, second{0, 0};
    if constexpr (kForward) pair_.start(pair_.batch_row(tile), first, second);
    *state(tile, 0) = first;
    *state(tile, 1) = second;
    if (lstm_.mask_count == 0) return;
    if constexpr (kForward) {
      pair_.template mask_fragments<kSteps>(pair_.batch_row(tile, 0), mask(tile) + threadIdx.x * Shared::kWords);
    } else {
      prepare_words(tile);
    }
  }

  /// The words of the member's 32 units, [row][gate].
  __device__ void prepare_words(int tile) {
    const int i = static_cast<int>(threadIdx.x);
    if (i >= kTileRows * 4) return;
    const int b = pair_.batch_row(tile, i / 4);
    mask(tile)[i] = b < lstm_.batch ? lstm_.bits_of(i % 4, b)[pair_.member()] : 0;
  }

  /// Brings `chunks` times 8 values of each of the tile's rows; source(row) is null for rows that count as zero.
  template <class Source>
  __device__ void gather(int chunks, Source source) {
    constexpr int kChunks = (Shared::kStride - 8) / 8;  // of a row of the operand
    for (int i = static_cast<int>(threadIdx.x); i < kTileRows * kChunks; i += kPersistentThreads) {
      const int row = i / kChunks, chunk = i % kChunks;
      const Bf16* from = source(row);
      const bool wanted = from && chunk < chunks;
      copy_16(operand() + row * Shared::kStride + chunk * 8, wanted ? from + chunk * 8 : lstm_.z, wanted);
    }
    commit_copies();
    wait_copies<0>();
    __syncthreads();
  }

  __device__ bool forward(int step, int tile) {
    const int t = lstm_.time_of(step), b = pair_.batch_row(tile);
    const bool mine = pair_.exists(b);
    GatePairs z;
    if (mine) z = pair_.read_gates(t, b);  // on its way while the others finish their step
    if (step > 0 && !group_.await(done(step - 1, tile))) return false;
    const Bf16* before = lstm_.operand + lstm_.slot_before(t) * lstm_.batch * lstm_.operand_stride;
    gather(lstm_.operand_stride / 8, [&](int row) -> const Bf16* {
      const int r = pair_.batch_row(tile, row);
      if (r >= lstm_.batch || lstm_.cut(t, r)) return nullptr;
      return before + static_cast<std::int64_t>(r) * lstm_.operand_stride;
    });
    product_.multiply([this](int row, int k) { return operand() + row * Shared::kStride + k; },
                      lstm_.mask_count ? mask(tile) + threadIdx.x * Shared::kWords : nullptr);
    float2 c = *state(tile, 0), h = *state(tile, 1);
    if (mine) {
      z = pair_.advance_pair(
          t, b, z, [this](int g) { return sum_of(g); }, c, h);
      *state(tile, 0) = c;
      *state(tile, 1) = h;
      pair_.write_operand(t, b, pack_bf16(h.x, h.y));
    }
    group_.publish(done(step, tile));
    if (mine) {  // what no other block waits for
      pair_.write_gates(t, b, z);
      pair_.write_states(t, b, c, h);
    }
    return true;
  }

  /// Index i counts from the last step.
  __device__ bool backward(int i, int tile) {
    const int step = lstm_.time - 1 - i, t = lstm_.time_of(step), b = pair_.batch_row(tile);
    const bool mine = pair_.exists(b);
    BackwardPair pair;
    if (mine) pair = pair_.read_backward(step, t, b);  // on its way while the others finish their step
    if (i > 0) {
      if (!group_.await(done(i - 1, tile))) return false;
      const int later = lstm_.time_of(step + 1);
      const Bf16* dz = lstm_.z + static_cast<std::int64_t>(later) * lstm_.batch * lstm_.columns;
      gather(lstm_.columns / 8, [&](int row) -> const Bf16* {
        const int r = pair_.batch_row(tile, row);
        return r < lstm_.batch ? dz + static_cast<std::int64_t>(r) * lstm_.columns : nullptr;
      });
      const int gate = static_cast<int>(threadIdx.x) / 32 % 4;
      product_.multiply(
          [this, gate](int row, int k) { return operand() + row * Shared::kStride + gate_column(k, gate); }, nullptr);
      if (mine) receive(later, b, tile, pair.dh);
    }
    if (mine) pair_.write_gates(t, b, pair_.differentiate_pair(t, b, pair, *state(tile, 0), *state(tile, 1)));
    group_.publish(done(i, tile));
    return true;
  }

  /// dh += what the step at time `later` hands down.
  __device__ void receive(int later, int b, int tile, float2& dh) const {
    float2 down{0, 0};
    if (lstm_.frozen(later, b)) {
      down = *state(tile, 1);
    } else if (!lstm_.cut(later, b)) {
      const std::uint32_t* words = mask(tile) + pair_.row() * 4;
#pragma unroll
      for (int g = 0; g < 4; ++g) {
        const std::uint32_t kept = lstm_.mask_count ? words[g] >> pair_.unit() : 3u;
        const float2 sum = sum_of(g);
        down.x += kept & 1 ? sum.x : 0.0f;
        down.y += kept & 2 ? sum.y : 0.0f;
      }
      const float scale = lstm_.scale_value();
      down = {down.x * scale, down.y * scale};
    }
    dh = {dh.x + down.x, dh.y + down.y};
  }

  __device__ float2 sum_of(int gate) const {
    return product_.sum_of(gate, pair_.row(), pair_.unit());
  }

  /// Tiles that a member has published once it is through with tile `tile` of iteration i.
  __device__ std::uint32_t done(int i, int tile) const {
    return static_cast<std::uint32_t>(i) * task_.tiles + tile + 1;
  }

  const PersistentTask& task_;
  const LstmTask<Bf16>& lstm_;
  const CellPair pair_;
  char* shared_;
  Group group_;
  MemberProduct<kSteps> product_;
};

/// Launched so that all blocks are resident.
template <int kSteps, bool kForward>
__global__ void __launch_bounds__(kPersistentThreads, 1)
    lstm_persistent_kernel(const __grid_constant__ PersistentTasks tasks) {
  const PersistentTask& task = tasks.direction[blockIdx.z];
  const GroupFlags group{task.flags + blockIdx.y * task.members, task.failure, task.members,
                         static_cast<int>(blockIdx.x)};
  PersistentBlock<kSteps, kForward, GroupFlags>(task, group).run();
}

/// The same with a cluster for each group.
template <int kSteps, bool kForward>
__global__ void __launch_bounds__(kPersistentThreads, 1)
    lstm_cluster_kernel(const __grid_constant__ PersistentTasks tasks) {
  PersistentBlock<kSteps, kForward, GroupCluster>(tasks.direction[blockIdx.z], GroupCluster{}).run();
}

}  // namespace rondo::cuda
