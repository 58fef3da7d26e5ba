// The weights of an LSTM layer as its products read them, and the small conversions of its inputs.

#include "cuda/lstm_pack.h"

#include "cuda/cuda_ops.h"
#include "cuda/device/lstm_task.h"
#include "cuda/lstm_layout.h"
#include "cuda/ways.h"

namespace rondo::cuda {
namespace {

constexpr unsigned kThreads = 256;

__device__ std::int64_t first_item() {
  return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ std::int64_t item_step() {
  return static_cast<std::int64_t>(gridDim.x) * blockDim.x;
}

/// [rows][4H], gate after gate → [rows][columns] in blocks of 8 units.
template <class T>
__global__ void pack_columns_kernel(const float* source, int rows, int units, int columns, T* out) {
  const std::int64_t count = static_cast<std::int64_t>(rows) * columns;
  for (std::int64_t i = first_item(); i < count; i += item_step()) {
    const int column = static_cast<int>(i % columns), gate = column / 8 % 4, unit = column / 32 * 8 + column % 8;
    const std::int64_t row = i / columns;
    write_value(out + i, unit < units ? source[(row * 4 + gate) * units + unit] : 0.0f);
  }
}

/// R, or Rᵀ, as the persistent kernels' warps take them into registers: see LstmPacked::fragment_words. Warp w has gate
/// w % 4 and half w / 4 of k; forward k is a unit of h and n one of the member's; transposed k is a unit of dz's gate
/// and n again one of the member's: sums over k of h[k] R[k][n] and of dz[k] R[n][k].
__global__ void pack_fragments_kernel(const float* recurrent, int units, int steps, bool transposed, std::uint32_t* out,
                                      std::int64_t count) {
  for (std::int64_t i = first_item(); i < count; i += item_step()) {
    const int half = static_cast<int>(i % 2), lane = static_cast<int>(i / 2 % 32), block = static_cast<int>(i / 64 % 4);
    const int step = static_cast<int>(i / 256 % steps), warp = static_cast<int>(i / 256 / steps % 8);
    const int member = static_cast<int>(i / 256 / steps / 8), gate = warp % 4;
    const int k = (warp / 4 * steps + step) * 16 + half * 8 + lane % 4 * 2;
    const int n = member * kMemberUnits + block * 8 + lane / 4;
    auto value = [=](int depth) {
      if (depth >= units || n >= units) return 0.0f;
      const int row = transposed ? n : depth, column = transposed ? depth : n;
      return recurrent[(static_cast<std::int64_t>(row) * 4 + gate) * units + column];
    };
    out[i] = pack_bf16(value(k), value(k + 1));
  }
}

/// Rᵀ as scatter_weights.h has it: k is one of the member's own units, n a unit that it hands down to.
__global__ void pack_scattered_kernel(const float* recurrent, int units, int halves, std::uint32_t* out,
                                      std::int64_t count) {
  for (std::int64_t i = first_item(); i < count; i += item_step()) {
    const int half = static_cast<int>(i % 2), lane = static_cast<int>(i / 2 % 32), block = static_cast<int>(i / 64 % 4);
    const int step = static_cast<int>(i / 256 % 2), gate = static_cast<int>(i / 512 % 4);
    const int to = static_cast<int>(i / 2048 % (8 * halves)), from = static_cast<int>(i / 2048 / (8 * halves));
    const int k = from * kMemberUnits + step * 16 + half * 8 + lane % 4 * 2;
    const int n = to * kMemberUnits + block * 8 + lane / 4;
    auto value = [=](int unit) {
      if (unit >= units || n >= units) return 0.0f;
      return recurrent[(static_cast<std::int64_t>(n) * 4 + gate) * units + unit];
    };
    out[i] = pack_bf16(value(k), value(k + 1));
  }
}

__global__ void narrow_kernel(const float* source, std::int64_t rows, int columns, int padded, Bf16* out) {
  const std::int64_t count = rows * padded;
  for (std::int64_t i = first_item(); i < count; i += item_step()) {
    const std::int64_t row = i / padded, column = i % padded;
    out[i] = to_bf16(column < columns ? source[row * columns + column] : 0.0f);
  }
}

/// One warp per word. What the masks keep all has one value, 1/(1−p): whoever finds it writes the same.
__global__ void mask_bits_kernel(const float* masks, std::int64_t rows, int units, int words, std::uint32_t* bits,
                                 float* scale) {
  const std::int64_t warps = item_step() / 32;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  for (std::int64_t i = first_item() / 32; i < rows * words; i += warps) {
    const int unit = static_cast<int>(i % words) * 32 + lane;
    const float value = unit < units ? masks[i / words * units + unit] : 0.0f;
    const std::uint32_t word = __ballot_sync(kAllLanes, value != 0.0f);
    if (lane == 0) bits[i] = word;
    if (value != 0.0f) *scale = value;
  }
}

template <class T>
void pack_columns(CudaContext& context, const float* source, std::int64_t rows, std::int64_t units, T* out) {
  const std::int64_t columns = lstm_columns(units);
  launch(context.stream(), Grid{context.blocks_for(rows * columns, kThreads)}, Block{kThreads}, 0,
         pack_columns_kernel<T>, source, static_cast<int>(rows), static_cast<int>(units), static_cast<int>(columns),
         out);
}

void pack_fragments(CudaContext& context, const LstmPack& op, bool transposed, std::uint32_t* out) {
  const int steps = lstm_fragment_steps(op.units);
  const std::int64_t members = up_to(op.units, kMemberUnits) / kMemberUnits;
  const std::int64_t count = members * LstmPacked::fragment_words(steps);
  if (count == 0) return;
  launch(context.stream(), Grid{context.blocks_for(count, kThreads)}, Block{kThreads}, 0, pack_fragments_kernel,
         op.recurrent, static_cast<int>(op.units), steps, transposed, out, count);
}

void pack_scattered(CudaContext& context, const LstmPack& op, std::uint32_t* out) {
  if (lstm_fragment_steps(op.units) == 0 || lstm_path(context.facts()) != LstmPath::distributed) return;
  const int members = static_cast<int>(up_to(op.units, kMemberUnits) / kMemberUnits);
  const int halves = scatter_halves(members);
  const std::int64_t count = static_cast<std::int64_t>(members) * scatter_words(halves);
  launch(context.stream(), Grid{context.blocks_for(count, kThreads)}, Block{kThreads}, 0, pack_scattered_kernel,
         op.recurrent, static_cast<int>(op.units), halves, out, count);
}

}  // namespace

std::int64_t lstm_packed_size(const CudaContext& context, std::int64_t input, std::int64_t units) {
  return LstmPacked(context.precision(), input, units).floats;
}

void lstm_pack(CudaContext& context, const LstmPack& op) {
  const LstmPacked places(context.precision(), op.input, op.units);
  if (context.precision() != Precision::bf16) {
    pack_columns(context, op.kernel, op.input, op.units, at_place<float>(op.packed, places.w));
    pack_columns(context, op.recurrent, op.units, op.units, at_place<float>(op.packed, places.r));
    return;
  }
  pack_columns(context, op.kernel, op.input, op.units, at_place<Bf16>(op.packed, places.w));
  pack_columns(context, op.recurrent, op.units, op.units, at_place<Bf16>(op.packed, places.r));
  pack_fragments(context, op, false, at_place<std::uint32_t>(op.packed, places.fragments));
  if (!op.transposes) return;
  pack_fragments(context, op, true, at_place<std::uint32_t>(op.packed, places.fragments_transposed));
  pack_scattered(context, op, at_place<std::uint32_t>(op.packed, places.fragments_scattered));
}

void narrow(CudaContext& context, const float* source, std::int64_t rows, std::int64_t columns, std::int64_t padded,
            Bf16* out) {
  launch(context.stream(), Grid{context.blocks_for(rows * padded, kThreads)}, Block{kThreads}, 0, narrow_kernel, source,
         rows, static_cast<int>(columns), static_cast<int>(padded), out);
}

void mask_bits(CudaContext& context, const LstmShape& s, std::uint32_t* bits, float* scale) {
  fill_bytes(scale, 0, sizeof(float), context.stream());  // where nothing is kept, nothing is scaled
  const std::int64_t rows = s.mask_count * s.batch, words = LstmGates::bit_words(s);
  launch(context.stream(), Grid{context.blocks_for(rows * words * 32, kThreads)}, Block{kThreads}, 0, mask_bits_kernel,
         s.masks, rows, static_cast<int>(s.units), static_cast<int>(words), bits, scale);
}

}  // namespace rondo::cuda
