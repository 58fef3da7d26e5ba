#pragma once

// All steps of a pass in one launch, bf16. Groups of blocks own batch rows and never wait for one another; the members
// of a group own 32 units each and keep those units' recurrent weights in registers for the whole pass. At every step a
// member reads what all members made at the step before (forward h, backward dz: 16 rows at a time), multiplies, adds
// up its warps' sums in shared memory in a fixed order, and does its cells.
//
// Backward, too, members gather (dz of all units) and do not scatter sums of dh: the same bytes travel, in bf16 once
// rounded instead of float parts, and a unit's sum has one owner and one order.

#include <cstdint>

#include "async_copy.h"
#include "cuda/device/cell.h"
#include "cuda/device/group_flags.h"
#include "cuda/device/lstm_task.h"
#include "cuda/device/resident_weights.h"

namespace rondo::cuda {

constexpr int kPersistentThreads = 256, kTileRows = 16, kGroupUnits = 32;

struct PersistentTask {
  LstmTask<Bf16> lstm;
  const std::uint32_t* fragments = nullptr;  ///< of R forward, of Rᵀ backward
  std::uint32_t* flags = nullptr;            ///< [groups][members], zero at the start
  std::uint32_t* failure = nullptr;
  int members = 0;
  int tiles = 0;  ///< of 16 rows, per group
};

/// Shared memory of a block; places in bytes.
template <int kSteps, bool kForward>
struct PersistentShared {
  static constexpr int kDepth = 32 * kSteps;  ///< units that the registers have room for
  static constexpr int kStride = (kForward ? kDepth : 4 * kDepth) + 8;
  static constexpr int kSumStride = 40;  // 8 rows × 4 pairs of a half-warp's stores: different banks
  static constexpr int kWords = mask_fragment_words(kSteps);
  static constexpr int kOperand = 0;
  static constexpr int kSums = kOperand + kTileRows * kStride * 2;
  static constexpr int kState = kSums + 8 * kTileRows * kSumStride * 4;
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
        member_(static_cast<int>(blockIdx.x)),
        rows_(static_cast<int>(blockIdx.y) * task.tiles * kTileRows),
        lane_(static_cast<int>(threadIdx.x) % 32),
        warp_(static_cast<int>(threadIdx.x) / 32),
        row_(static_cast<int>(threadIdx.x) / 16),
        unit_(static_cast<int>(threadIdx.x) % 16 * 2),
        shared_(dynamic_shared<char>()),
        group_(group) {}

  __device__ void run() {
    weights_.load(task_.fragments + static_cast<std::int64_t>(member_) * 8 * kSteps * 4 * 32 * 2);
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
  // ---- Places -------------------------------------------------------------------------------------------------

  __device__ Bf16* operand() const { return reinterpret_cast<Bf16*>(shared_ + Shared::kOperand); }
  __device__ float* sums(int warp) const {
    return reinterpret_cast<float*>(shared_ + Shared::kSums) + warp * kTileRows * Shared::kSumStride;
  }
  /// This thread's two units of c and then of h (forward), or of dc and then of dh.
  __device__ float2* state(int tile, int which) const {
    return reinterpret_cast<float2*>(shared_ + Shared::kState + tile * Shared::kStateBytes) +
           which * kPersistentThreads + threadIdx.x;
  }
  __device__ std::uint32_t* mask(int tile) const {
    return reinterpret_cast<std::uint32_t*>(shared_ + Shared::kState + task_.tiles * Shared::kStateBytes +
                                            tile * Shared::kMaskBytes);
  }
  __device__ int batch_row(int tile, int row) const { return rows_ + tile * kTileRows + row; }
  __device__ int unit() const { return member_ * kGroupUnits + unit_; }
  /// Units of this thread's pair that exist: 0 … 2.
  __device__ int width() const { return min(2, max(0, lstm_.units - unit())); }
  /// Units of the pair that have columns (padding included): all or none of the pair.
  __device__ bool has_columns() const { return unit() < lstm_.columns / 4; }
  /// The pair's gates: words, 4 apart (8 columns).
  __device__ std::uint32_t* gates(int t, int b) const {
    return reinterpret_cast<std::uint32_t*>(lstm_.z + (static_cast<std::int64_t>(t) * lstm_.batch + b) * lstm_.columns +
                                            gate_column(unit(), 0));
  }
  /// Element of [T+1][B][H] for the pair's first unit.
  __device__ std::int64_t place(std::int64_t slot, int b) const {
    return (slot * lstm_.batch + b) * lstm_.units + unit();
  }
  __device__ float2 read_pair(const float* p) const {
    const int n = width();
    return {n > 0 ? p[0] : 0.0f, n > 1 ? p[1] : 0.0f};
  }
  __device__ void write_pair(float* p, float2 value) const {
    const int n = width();
    if (n > 0) p[0] = value.x;
    if (n > 1) p[1] = value.y;
  }

  // ---- Both passes --------------------------------------------------------------------------------------------

  __device__ void prepare(int tile) {
    const int b = batch_row(tile, row_);
    float2 first{0, 0}, second{0, 0};
    if (kForward && b < lstm_.batch) {
      const std::int64_t slot = lstm_.slot_before(lstm_.time_of(0));
      first = read_pair(lstm_.c + place(slot, b));
      second = read_pair(lstm_.h + place(slot, b));
    }
    *state(tile, 0) = first;
    *state(tile, 1) = second;
    if (lstm_.mask_count == 0) return;
    if constexpr (kForward) {
      prepare_fragments(tile);
    } else {
      prepare_words(tile);
    }
  }

  /// The lane's bits of its gate's mask, for the operand's fragments.
  __device__ void prepare_fragments(int tile) {
    std::uint32_t* words = mask(tile) + threadIdx.x * Shared::kWords;
    for (int w = 0; w < Shared::kWords; ++w) words[w] = 0;
    for (int s = 0; s < kSteps; ++s) {
      for (int i = 0; i < 8; ++i) {
        const int r = i / 2, e = i % 2, b = batch_row(tile, lane_ / 4 + r % 2 * 8);
        const int u = (warp_ / 4 * kSteps + s) * 16 + r / 2 * 8 + lane_ % 4 * 2 + e;
        if (b >= lstm_.batch || u >= lstm_.units) continue;
        const std::uint32_t bit = lstm_.bits_of(warp_ % 4, b)[u / 32] >> (u % 32) & 1;
        words[s / 4] |= bit << mask_fragment_bit(s, r, e);
      }
    }
  }

  /// The words of the member's 32 units, [row][gate].
  __device__ void prepare_words(int tile) {
    const int i = static_cast<int>(threadIdx.x);
    if (i >= kTileRows * 4) return;
    const int b = batch_row(tile, i / 4);
    mask(tile)[i] = b < lstm_.batch ? lstm_.bits_of(i % 4, b)[member_] : 0;
  }

  /// Adds up A times the weights; each warp leaves its 16 × 32 sums in shared memory.
  __device__ void multiply(const std::uint32_t* masks) {
    const int lane_row = lane_ % 16, lane_column = lane_ / 16 * 8;
    float tile[4][4] = {};
    weights_.multiply(
        tile,
        [&](int k) {
          const int column = kForward ? k + lane_column : gate_column(k + lane_column, warp_ % 4);
          return operand() + lane_row * Shared::kStride + column;
        },
        masks);
    float* out = sums(warp_);
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      const int column = j * 8 + lane_ % 4 * 2;
      *reinterpret_cast<float2*>(out + lane_ / 4 * Shared::kSumStride + column) = {tile[j][0], tile[j][1]};
      *reinterpret_cast<float2*>(out + (lane_ / 4 + 8) * Shared::kSumStride + column) = {tile[j][2], tile[j][3]};
    }
    __syncthreads();
  }

  /// The pair's sum for a gate: both halves of k, in their order.
  __device__ float2 sum_of(int gate) const {
    const int at = row_ * Shared::kSumStride + unit_;
    const float2 a = *reinterpret_cast<const float2*>(sums(gate) + at);
    const float2 b = *reinterpret_cast<const float2*>(sums(gate + 4) + at);
    return {a.x + b.x, a.y + b.y};
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

  // ---- Forward ------------------------------------------------------------------------------------------------

  __device__ bool forward(int step, int tile) {
    const int t = lstm_.time_of(step), b = batch_row(tile, row_);
    const bool mine = b < lstm_.batch && has_columns();
    std::uint32_t z[4] = {};
    if (mine) {  // on its way while the others finish their step
#pragma unroll
      for (int g = 0; g < 4; ++g) z[g] = gates(t, b)[g * 4];
    }
    if (step > 0 && !group_.await(done(step - 1, tile))) return false;
    const Bf16* before = lstm_.operand + lstm_.slot_before(t) * lstm_.batch * lstm_.operand_stride;
    gather(lstm_.operand_stride / 8, [&](int row) -> const Bf16* {
      const int r = batch_row(tile, row);
      if (r >= lstm_.batch || lstm_.cut(t, r)) return nullptr;
      return before + static_cast<std::int64_t>(r) * lstm_.operand_stride;
    });
    multiply(lstm_.mask_count ? mask(tile) + threadIdx.x * Shared::kWords : nullptr);
    CellGates a[2] = {};
    float2 c = *state(tile, 0), h = *state(tile, 1);
    if (mine) {
      cells(t, b, z, a, c, h);
      *state(tile, 0) = c;
      *state(tile, 1) = h;
      const std::int64_t after = lstm_.slot_after(t) * lstm_.batch + b;
      *reinterpret_cast<std::uint32_t*>(lstm_.operand + after * lstm_.operand_stride + unit()) = pack_bf16(h.x, h.y);
    }
    group_.publish(done(step, tile));
    if (mine) {  // what no other block waits for
      std::uint32_t* out = gates(t, b);
      out[0] = pack_bf16(a[0].i, a[1].i);
      out[4] = pack_bf16(a[0].f, a[1].f);
      out[8] = pack_bf16(a[0].g, a[1].g);
      out[12] = pack_bf16(a[0].o, a[1].o);
      write_pair(lstm_.c + place(lstm_.slot_after(t), b), c);
      write_pair(lstm_.h + place(lstm_.slot_after(t), b), h);
    }
    return true;
  }

  /// Both cells of the pair; units that do not exist keep 0.
  __device__ void cells(int t, int b, const std::uint32_t (&z)[4], CellGates (&a)[2], float2& c, float2& h) const {
    const float scale = lstm_.scale_value();
    const int n = width();
    float in[2][4] = {};
#pragma unroll
    for (int g = 0; g < 4; ++g) {
      const float2 sum = sum_of(g);
      const float2 bias = read_pair(lstm_.bias + g * lstm_.units + unit());
      in[0][g] = low_bf16(z[g]) + fmaf(scale, sum.x, bias.x);
      in[1][g] = high_bf16(z[g]) + fmaf(scale, sum.y, bias.y);
    }
    a[0] = activate<true>(in[0], lstm_.hard);
    a[1] = activate<true>(in[1], lstm_.hard);
    if (lstm_.frozen(t, b)) return;
    const bool cut = lstm_.cut(t, b);
    const CellState first = advance<true>(a[0], cut ? 0.0f : c.x), second = advance<true>(a[1], cut ? 0.0f : c.y);
    c = {n > 0 ? first.c : 0.0f, n > 1 ? second.c : 0.0f};
    h = {n > 0 ? first.h : 0.0f, n > 1 ? second.h : 0.0f};
  }

  // ---- Backward: index i counts from the last step ------------------------------------------------------------

  __device__ bool backward(int i, int tile) {
    const int step = lstm_.time - 1 - i, t = lstm_.time_of(step), b = batch_row(tile, row_);
    const bool mine = b < lstm_.batch && has_columns();
    std::uint32_t a[4] = {};
    float2 c{0, 0}, c_before{0, 0}, dh{0, 0};
    if (mine) {  // on its way while the others finish their step
#pragma unroll
      for (int g = 0; g < 4; ++g) a[g] = gates(t, b)[g * 4];
      c = read_pair(lstm_.states + place(lstm_.slot_after(t), b));
      if (!lstm_.cut(t, b)) c_before = read_pair(lstm_.states + place(lstm_.slot_before(t), b));
      if (const float* dy = lstm_.upstream(step, b)) dh = read_pair(dy + unit());
    }
    if (i > 0) {
      if (!group_.await(done(i - 1, tile))) return false;
      const int later = lstm_.time_of(step + 1);
      const Bf16* dz = lstm_.z + static_cast<std::int64_t>(later) * lstm_.batch * lstm_.columns;
      gather(lstm_.columns / 8, [&](int row) -> const Bf16* {
        const int r = batch_row(tile, row);
        return r < lstm_.batch ? dz + static_cast<std::int64_t>(r) * lstm_.columns : nullptr;
      });
      multiply(nullptr);
      if (mine) receive(later, b, tile, dh);
    }
    if (mine) differentiate_pair(t, b, tile, a, c, c_before, dh);
    group_.publish(done(i, tile));
    return true;
  }

  /// dh += what the step at time `later` hands down.
  __device__ void receive(int later, int b, int tile, float2& dh) const {
    float2 down{0, 0};
    if (lstm_.frozen(later, b)) {
      down = *state(tile, 1);
    } else if (!lstm_.cut(later, b)) {
      const std::uint32_t* words = mask(tile) + row_ * 4;
#pragma unroll
      for (int g = 0; g < 4; ++g) {
        const std::uint32_t kept = lstm_.mask_count ? words[g] >> unit_ : 3u;
        const float2 sum = sum_of(g);
        down.x += kept & 1 ? sum.x : 0.0f;
        down.y += kept & 2 ? sum.y : 0.0f;
      }
      const float scale = lstm_.scale_value();
      down = {down.x * scale, down.y * scale};
    }
    dh = {dh.x + down.x, dh.y + down.y};
  }

  __device__ void differentiate_pair(int t, int b, int tile, const std::uint32_t (&a)[4], float2 c, float2 c_before,
                                     float2 dh) const {
    CellGradient d[2] = {};
    if (lstm_.frozen(t, b)) {
      *state(tile, 1) = dh;
    } else {
      const float2 dc = *state(tile, 0);
      const CellGates first{low_bf16(a[0]), low_bf16(a[1]), low_bf16(a[2]), low_bf16(a[3])};
      const CellGates second{high_bf16(a[0]), high_bf16(a[1]), high_bf16(a[2]), high_bf16(a[3])};
      if (width() > 0) d[0] = differentiate<true>(first, c.x, c_before.x, dh.x, dc.x, lstm_.hard);
      if (width() > 1) d[1] = differentiate<true>(second, c.y, c_before.y, dh.y, dc.y, lstm_.hard);
      const bool cut = lstm_.cut(t, b);
      *state(tile, 0) = {cut ? 0.0f : d[0].dc, cut ? 0.0f : d[1].dc};
    }
    std::uint32_t* out = gates(t, b);
#pragma unroll
    for (int g = 0; g < 4; ++g) out[g * 4] = pack_bf16(d[0].z[g], d[1].z[g]);
  }

  /// Tiles that a member has published once it is through with tile `tile` of iteration i.
  __device__ std::uint32_t done(int i, int tile) const {
    return static_cast<std::uint32_t>(i) * task_.tiles + tile + 1;
  }

  const PersistentTask& task_;
  const LstmTask<Bf16>& lstm_;
  const int member_, rows_;
  const int lane_, warp_;
  const int row_, unit_;  ///< of the pair that this thread's cells are
  char* shared_;
  Group group_;
  ResidentWeights<kSteps> weights_;
};

/// The grid is [members][groups]; launched so that all blocks are resident.
template <int kSteps, bool kForward>
__global__ void __launch_bounds__(kPersistentThreads, 1)
    lstm_persistent_kernel(const __grid_constant__ PersistentTask task) {
  const GroupFlags group{task.flags + blockIdx.y * task.members, task.failure, task.members,
                         static_cast<int>(blockIdx.x)};
  PersistentBlock<kSteps, kForward, GroupFlags>(task, group).run();
}

/// The same with a cluster for each group.
template <int kSteps, bool kForward>
__global__ void __launch_bounds__(kPersistentThreads, 1)
    lstm_cluster_kernel(const __grid_constant__ PersistentTask task) {
  PersistentBlock<kSteps, kForward, GroupCluster>(task, GroupCluster{}).run();
}

}  // namespace rondo::cuda
