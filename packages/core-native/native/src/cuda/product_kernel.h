#pragma once

// The kernel of a product: a block makes one tile of C (or of one part of its sum) with a pipeline of asynchronous
// copies.

#include "cuda/device/arithmetic.h"
#include "cuda/product.h"

namespace rondo::cuda {

/// A Product as the kernel sees it.
struct ProductTask {
  Product p;
  int parts = 1, part_depth = 0;  ///< k of one part
  float* partial = nullptr;       ///< [parts][batches][m][n], with more than one part
  bool a_aligned = false, b_aligned = false;
};

template <class Math, bool kADeep, bool kBDeep, bool kFiltered>
class ProductBlock {
 public:
  using T = typename Math::Element;
  static constexpr int kStageSize = Math::TileA::kSize + Math::TileB::kSize;
  static constexpr std::size_t kSharedBytes =
      sizeof(T) * Math::kStages * kStageSize + (Math::kAlignment > 128 ? Math::kAlignment : 0);

  __device__ explicit ProductBlock(const ProductTask& task)
      : task_(task),
        p_(task.p),
        shared_(aligned_shared<T>(Math::kAlignment)),
        batch_(static_cast<int>(blockIdx.z) % task.p.batches),
        part_(static_cast<int>(blockIdx.z) / task.p.batches),
        a_(static_cast<const T*>(task.p.a.data) + batch_ * task.p.a.batch_step),
        b_(static_cast<const T*>(task.p.b.data) + batch_ * task.p.b.batch_step),
        row_(static_cast<int>(blockIdx.x) * Math::kRows),
        column_(static_cast<int>(blockIdx.y) * Math::kColumns),
        k_begin_(part_ * task.part_depth),
        k_end_(min(task.p.k, k_begin_ + task.part_depth)) {}

  __device__ void run() {
    const int steps = (k_end_ - k_begin_ + Math::kDepth - 1) / Math::kDepth;
    for (int s = 0; s < Math::kStages - 1; ++s) load(s, steps);
    for (int s = 0; s < steps; ++s) {
      wait_copies<Math::kStages - 2>();  // this thread's part of stage s is there …
      if constexpr (kFiltered) mask(s);
      Math::show();
      __syncthreads();  // … and so is everybody's; and nobody reads stage s − 1 any more
      load(s + Math::kStages - 1, steps);
      math_.multiply(stage(s), stage(s) + Math::TileA::kSize);
    }
    wait_copies<0>();
    store();
  }

 private:
  __device__ T* stage(int s) const { return shared_ + s % Math::kStages * kStageSize; }

  __device__ TilePlace place_a(int s) const {
    const int k = k_begin_ + s * Math::kDepth;
    return kADeep ? TilePlace{row_, p_.m, k, k_end_} : TilePlace{k, k_end_, row_, p_.m};
  }

  __device__ TilePlace place_b(int s) const {
    const int k = k_begin_ + s * Math::kDepth;
    return kBDeep ? TilePlace{column_, p_.n, k, k_end_} : TilePlace{k, k_end_, column_, p_.n};
  }

  __device__ bool keeps(int row) const {
    if constexpr (!kFiltered) return true;
    const OperandFilter& f = p_.filter;
    const std::int64_t i = row + f.cut_shift;
    return !f.cuts || i >= f.cut_count || !f.cuts[i];
  }

  /// Every call commits a group, an empty one behind the end, so that counting groups is counting stages.
  __device__ void load(int s, int steps) {
    if (s < steps) {
      T* tiles = stage(s);
      Math::TileA::template load<Math::kThreads>(tiles, p_.a, a_, task_.a_aligned, place_a(s),
                                                 [this](int row) { return keeps(row); });
      Math::TileB::template load<Math::kThreads>(tiles + Math::TileA::kSize, p_.b, b_, task_.b_aligned, place_b(s),
                                                 [](int) { return true; });
    }
    commit_copies();
  }

  __device__ void mask(int s) {
    const OperandFilter& f = p_.filter;
    if (!f.bits) return;
    Math::TileA::template mask<Math::kThreads>(stage(s), f.bits + batch_ * f.bits_step, f.bit_rows, f.bit_words,
                                               place_a(s));
  }

  __device__ void store() const {
    math_.for_pairs([this](int row, int column, float x, float y) {
      const int m = row_ + row, n = column_ + column;
      if (m >= p_.m || n >= p_.n) return;
      if (task_.parts > 1) return store_part(m, n, x, y);
      const float scale = p_.scale ? *p_.scale : 1.0f;
      put(m, n, x * scale);
      if (n + 1 < p_.n) put(m, n + 1, y * scale);
    });
  }

  __device__ void store_part(int m, int n, float x, float y) const {
    const std::int64_t slice = static_cast<std::int64_t>(p_.m) * p_.n;
    float* out = task_.partial + (static_cast<std::int64_t>(part_) * p_.batches + batch_) * slice;
    out[static_cast<std::int64_t>(m) * p_.n + n] = x;
    if (n + 1 < p_.n) out[static_cast<std::int64_t>(m) * p_.n + n + 1] = y;
  }

  __device__ void put(int m, int n, float value) const {
    const std::int64_t at = batch_ * p_.c_batch_step + m * p_.c_stride + n;
    if (p_.bias) value += p_.bias[n];
    if (p_.c_is_bf16) {
      static_cast<Bf16*>(p_.c)[at] = to_bf16(value);
      return;
    }
    float* c = static_cast<float*>(p_.c) + at;
    *c = p_.add ? *c + value : value;
  }

  const ProductTask& task_;
  const Product& p_;
  T* shared_;
  const int batch_, part_;
  const T* a_;
  const T* b_;
  const int row_, column_, k_begin_, k_end_;
  Math math_;
};

template <class Math, bool kADeep, bool kBDeep, bool kFiltered>
__global__ void __launch_bounds__(Math::kThreads, Math::kBlocks)
    product_kernel(const __grid_constant__ ProductTask task) {
  ProductBlock<Math, kADeep, kBDeep, kFiltered>(task).run();
}

template <class Math, bool kADeep, bool kBDeep, bool kFiltered>
void launch_product(CudaContext& context, const ProductTask& task) {
  const auto tiles = [](int size, int tile) { return static_cast<unsigned>((size + tile - 1) / tile); };
  const Product& p = task.p;
  launch(context.stream(),
         Grid{tiles(p.m, Math::kRows), tiles(p.n, Math::kColumns), static_cast<unsigned>(task.parts * p.batches)},
         Block{Math::kThreads}, ProductBlock<Math, kADeep, kBDeep, kFiltered>::kSharedBytes,
         product_kernel<Math, kADeep, kBDeep, kFiltered>, task);
}

/// bf16 products on devices with warpgroups (takes_warpgroups).
void start_by_warpgroups(CudaContext& context, const ProductTask& task);

}  // namespace rondo::cuda
