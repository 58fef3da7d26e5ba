// The gradients of an LSTM layer's weights from dz of all steps: dW = xᵀ dz, dR = (h ∘ m)ᵀ dz, db = Σ dz, and dx = dz
// Wᵀ. Equations 11–12 of docs/lstm.md.

#include "cuda/lstm_gradients.h"

#include <algorithm>
#include <limits>

#include "cuda/device/lstm_task.h"
#include "cuda/lstm_layout.h"

namespace rondo::cuda {
namespace {

constexpr int kSumThreads = 128;

/// Sums of a part of the rows, one column per thread: [parts][columns].
template <class T>
__global__ void column_parts_kernel(const T* dz, std::int64_t rows, int columns, float* parts) {
  const int column = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (column >= columns) return;
  const std::int64_t length = (rows + gridDim.y - 1) / gridDim.y, begin = blockIdx.y * length;
  const std::int64_t end = min(rows, begin + length);
  float sum = 0;
  for (std::int64_t n = begin; n < end; ++n) sum += read_value(dz + n * columns + column);
  parts[static_cast<std::int64_t>(blockIdx.y) * columns + column] = sum;
}

/// The parts in their order, added to d_bias [4H].
__global__ void add_bias_kernel(const float* parts, int count, int units, int columns, float* d_bias) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= 4 * units) return;
  const int column = gate_column(i % units, i / units);
  float sum = 0;
  for (int part = 0; part < count; ++part) sum += parts[static_cast<std::int64_t>(part) * columns + column];
  d_bias[i] += sum;
}

/// Gates side by side: one product per gate, of the gate's own columns of dz.
Product gate_products(Precision precision, const LstmShape& s) {
  Product p;
  p.arithmetic = lstm_arithmetic(precision);
  p.n = static_cast<int>(s.units);
  // Forecasts ask for sizes that nothing is ever run with: x W has refused them before.
  p.k = static_cast<int>(std::min<std::int64_t>(s.time * s.batch, std::numeric_limits<int>::max()));
  p.batches = 4;
  p.a.deep = false;
  p.b = {nullptr, lstm_columns(s.units), 8, 32, false};
  p.c_stride = 4 * s.units;
  p.c_batch_step = s.units;
  p.add = true;
  return p;
}

template <class T>
void bias_gradient(CudaContext& context, const LstmBackward& op, const T* dz, float* parts) {
  const int units = static_cast<int>(op.shape.units), columns = static_cast<int>(lstm_columns(units));
  const std::int64_t rows = op.shape.time * op.shape.batch;
  const unsigned count = static_cast<unsigned>(std::min<std::int64_t>(LstmWorkspace::kColumnParts, rows));
  const unsigned across = static_cast<unsigned>((columns + kSumThreads - 1) / kSumThreads);
  launch(context.stream(), Grid{across, count}, Block{kSumThreads}, 0, column_parts_kernel<T>, dz, rows, columns,
         parts);
  launch(context.stream(), Grid{across}, Block{kSumThreads}, 0, add_bias_kernel, parts, static_cast<int>(count), units,
         columns, op.d_bias);
}

}  // namespace

Product lstm_kernel_gradient(Precision precision, const LstmShape& s) {
  Product p = gate_products(precision, s);
  p.m = static_cast<int>(s.input);
  p.a.stride = precision == Precision::bf16 ? up_to(s.input, 8) : s.input;
  return p;
}

Product lstm_recurrent_gradient(Precision precision, const LstmShape& s) {
  Product p = gate_products(precision, s);
  p.m = static_cast<int>(s.units);
  p.a.stride = precision == Precision::bf16 ? lstm_block_units(s.units) : s.units;
  p.filter.cuts = s.resets;
  p.filter.cut_shift = s.reverse ? s.batch : 0;
  p.filter.cut_count = s.time * s.batch;
  p.filter.bit_rows = static_cast<int>(s.batch);
  p.filter.bit_words = static_cast<int>(LstmGates::bit_words(s));
  p.filter.bits_step = s.mask_count == 4 ? s.batch * LstmGates::bit_words(s) : 0;
  return p;
}

LstmWorkspace::LstmWorkspace(const DeviceFacts& facts, Precision precision, const LstmShape& s) {
  Places places;
  dh = places.take(s.batch * s.units * 4);
  dc = places.take(s.batch * s.units * 4);
  partial = places.take(4 * std::max(product_partial_size(facts, lstm_kernel_gradient(precision, s)),
                                     product_partial_size(facts, lstm_recurrent_gradient(precision, s))));
  columns = places.take(kColumnParts * lstm_columns(s.units) * 4);
  flags = places.take(kFlags * 4);
  floats = places.floats();
}

template <class T>
void lstm_weight_gradients(CudaContext& context, const LstmBackward& op) {
  constexpr bool kNarrow = sizeof(T) == 2;
  const LstmShape& s = op.shape;
  const LstmGates gates(context.precision(), s);
  const LstmWorkspace work(context.facts(), context.precision(), s);
  const T* dz = at_place<T>(op.gates, gates.z);
  float* partial = at_place<float>(op.workspace, work.partial);

  Product kernel = lstm_kernel_gradient(context.precision(), s);
  kernel.a.data = kNarrow ? static_cast<const void*>(at_place<Bf16>(op.gates, gates.x)) : op.x;
  kernel.b.data = dz;
  kernel.c = op.d_kernel;
  multiply(context, kernel, partial);

  Product recurrent = lstm_recurrent_gradient(context.precision(), s);
  const std::int64_t first = (s.reverse ? s.batch : 0) * recurrent.a.stride;  // the slot before step 0
  recurrent.a.data = kNarrow ? static_cast<const void*>(at_place<Bf16>(op.gates, gates.h) + first) : op.h + first;
  recurrent.b.data = dz;
  recurrent.c = op.d_recurrent;
  recurrent.filter.bits = s.mask_count ? at_place<std::uint32_t>(op.gates, gates.bits) : nullptr;
  recurrent.scale = s.mask_count ? at_place<float>(op.gates, gates.scale) : nullptr;
  multiply(context, recurrent, partial);

  bias_gradient(context, op, dz, at_place<float>(op.workspace, work.columns));
}

template <class T>
void lstm_input_gradient(CudaContext& context, const LstmBackward& op) {
  const LstmShape& s = op.shape;
  const std::int64_t columns = lstm_columns(s.units);
  Product p;
  p.arithmetic = lstm_arithmetic(context.precision());
  p.m = product_size(s.time * s.batch);
  p.n = static_cast<int>(s.input);
  p.k = static_cast<int>(columns);
  p.a = {at_place<T>(op.gates, LstmGates(context.precision(), s).z), columns, 0, 8, true};
  p.b = {at_place<T>(op.packed, LstmPacked(context.precision(), s.input, s.units).w), columns, 0, 8, true};
  p.c = op.dx;
  p.c_stride = s.input;
  p.add = op.add_dx;
  // Few rows make few tiles, and so parts; the workspace has room for those of the larger products alone.
  multiply_whole(context, p);
}

template void lstm_weight_gradients<float>(CudaContext&, const LstmBackward&);
template void lstm_weight_gradients<Bf16>(CudaContext&, const LstmBackward&);
template void lstm_input_gradient<float>(CudaContext&, const LstmBackward&);
template void lstm_input_gradient<Bf16>(CudaContext&, const LstmBackward&);

}  // namespace rondo::cuda
