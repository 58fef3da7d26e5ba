#pragma once

// The general product behind gemm() and the LSTM: operands of either orientation, several products of one shape side by
// side (the gates), columns that lie in blocks of 8, rows of A that are masked or count as zero, and long sums split
// into parts that are added in order.

#include <cstdint>

#include "cuda/context.h"

namespace rondo::cuda {

/// A matrix as it is stored. "Deep" storage has k along its rows; the other has k down its columns.
struct Operand {
  const void* data = nullptr;   ///< float, or Bf16 for Arithmetic::bf16
  std::int64_t stride = 0;      ///< elements from row to row of the storage
  std::int64_t batch_step = 0;  ///< elements from product to product
  int block_step = 8;           ///< elements from one block of 8 columns of the storage to the next
  bool deep = true;
};

/// Rows of the storage of A (k, A not deep) that count as zero, and bits for the others.
struct OperandFilter {
  const std::uint8_t* cuts = nullptr;  ///< row r counts as zero where cuts[r + shift] (inside `count`) is set
  std::int64_t cut_shift = 0, cut_count = 0;
  const std::uint32_t* bits = nullptr;  ///< [batch][rows][words]: bit m % 32 of word m / 32 keeps column m
  std::int64_t bits_step = 0;           ///< words from product to product, 0: the same for all
  int bit_rows = 1, bit_words = 0;      ///< row r takes row r % bit_rows
};

enum class Arithmetic { fp32, tf32, bf16 };

struct Product {
  Arithmetic arithmetic = Arithmetic::fp32;
  int m = 0, n = 0, k = 0;
  int batches = 1;
  Operand a, b;
  OperandFilter filter;  ///< with a not deep
  void* c = nullptr;     ///< float, or Bf16 with c_is_bf16
  std::int64_t c_stride = 0, c_batch_step = 0;
  bool c_is_bf16 = false;
  bool add = false;
  const float* bias = nullptr;   ///< [n]
  const float* scale = nullptr;  ///< one device float that multiplies the sums, or null
};

/// A size for a product. Error(shape) for one that its kernels cannot count.
int product_size(std::int64_t size);
/// Parts that the sum over k is split into.
int product_parts(const DeviceFacts& facts, const Product& p);
/// Floats that `partial` of multiply() has to hold; 0 with one part.
std::int64_t product_partial_size(const DeviceFacts& facts, const Product& p);
void multiply(CudaContext& context, const Product& p, float* partial);
/// In one part, whatever the sizes.
void multiply_whole(CudaContext& context, const Product& p);

}  // namespace rondo::cuda
