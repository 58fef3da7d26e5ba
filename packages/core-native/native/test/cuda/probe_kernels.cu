#include "cuda/probe_kernels.h"

#include "async_copy.h"
#include "bfloat16.h"
#include "cuda/device/exchange.h"
#include "flags.h"
#include "platform.h"
#include "tensor_core.h"

namespace rondo::test {
namespace {

using namespace rondo::cuda;

template <class T>
class OnDevice {
 public:
  explicit OnDevice(const std::vector<T>& values) : count_(values.size()) {
    data_ = static_cast<T*>(allocate_device(count_ * sizeof(T)));
    copy_to_device(data_, values.data(), count_ * sizeof(T), nullptr);
  }
  ~OnDevice() { free_device(data_); }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;
  T* data() const { return data_; }
  std::vector<T> read() const {
    std::vector<T> values(count_);
    copy_to_host(values.data(), data_, count_ * sizeof(T), nullptr);
    synchronize(Stream{});
    return values;
  }

 private:
  std::size_t count_;
  T* data_;
};

__global__ void sum_kernel(const float* values, int count, float* sums) {
  float* partial = dynamic_shared<float>();
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  float sum = i < count ? values[i] : 0.0f;
  for (int lanes = 16; lanes > 0; lanes /= 2) sum += __shfl_xor_sync(kAllLanes, sum, lanes);
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (unsigned w = 1; w < blockDim.x / 32; ++w) sum += partial[w];
    sums[blockIdx.x] = sum;
  }
}

__global__ void bf16_kernel(const float* a, const float* b, int k, float* c) {
  std::uint32_t* left = dynamic_shared<std::uint32_t>();  // [16][8] words: 16 × 16
  std::uint32_t* right = left + 16 * 8;                   // [16][4] words: 16 × 8, by rows of k
  const unsigned lane = threadIdx.x;
  float d[4] = {};
  for (int k0 = 0; k0 < k; k0 += 16) {
    for (unsigned e = lane; e < 16 * 8; e += 32) {
      const float* pair = a + (e / 8) * k + k0 + (e % 8) * 2;
      left[e] = pack_bf16(pair[0], pair[1]);
    }
    for (unsigned e = lane; e < 16 * 4; e += 32) {
      const float* pair = b + (k0 + e / 4) * 8 + (e % 4) * 2;
      right[e] = pack_bf16(pair[0], pair[1]);
    }
    __syncwarp();
    std::uint32_t fa[4], fb[4];
    load_matrices(fa, left + (lane % 8 + lane / 8 % 2 * 8) * 8 + lane / 16 * 4);
    load_matrices_transposed(fb, right + lane % 16 * 4);
    mma_bf16(d, fa, fb[0], fb[1]);
    __syncwarp();
  }
  const unsigned q = lane / 4, p = lane % 4;
  for (unsigned i = 0; i < 4; ++i) c[(q + i / 2 * 8) * 8 + p * 2 + i % 2] = d[i];
}

__global__ void tf32_kernel(const float* a, const float* b, int k, float* c) {
  float* left = dynamic_shared<float>();  // [16][8]
  float* right = left + 16 * 8;           // [8][8]
  const unsigned lane = threadIdx.x, q = lane / 4, p = lane % 4;
  float d[4] = {};
  for (int k0 = 0; k0 < k; k0 += 8) {
    for (unsigned e = lane; e < 32; e += 32) copy_16(left + e * 4, a + (e / 2) * k + k0 + (e % 2) * 4, true);
    for (unsigned e = lane; e < 64; e += 32) copy_4(right + e, b + k0 * 8 + e, true);
    commit_copies();
    wait_copies<0>();
    __syncwarp();
    const std::uint32_t fa[4] = {to_tf32(left[q * 8 + p]), to_tf32(left[(q + 8) * 8 + p]), to_tf32(left[q * 8 + p + 4]),
                                 to_tf32(left[(q + 8) * 8 + p + 4])};
    mma_tf32(d, fa, to_tf32(right[p * 8 + q]), to_tf32(right[(p + 4) * 8 + q]));
    __syncwarp();
  }
  for (unsigned i = 0; i < 4; ++i) c[(q + i / 2 * 8) * 8 + p * 2 + i % 2] = d[i];
}

__global__ void ring_kernel(int rounds, bool one_sleeps, int* number, std::uint32_t* flag, std::uint32_t* failure) {
  const std::uint32_t blocks = gridDim.x;
  for (int round = 0; round < rounds; ++round) {
    const std::uint32_t turn = static_cast<std::uint32_t>(round) * blocks + blockIdx.x;
    if (one_sleeps && turn == 3) return;
    if (threadIdx.x == 0) {
      if (!wait_for_flag(flag, turn, failure)) return;
      ++*number;
      store_release(flag, turn + 1);
    }
  }
}

/// Every round each block tells all others its number times the round; the sums of what came go to `sums`.
__global__ void tell_all_kernel(int rounds, bool silent, float* sums, std::uint32_t* failure) {
  const int blocks = static_cast<int>(gridDim.x), own = static_cast<int>(blockIdx.x);
  auto* barriers = dynamic_shared<ArrivalBarrier>();
  uint4* slots = dynamic_shared<uint4>() + 1;  // [2][blocks], behind the barriers
  Exchange exchange(barriers, static_cast<std::uint32_t>(blocks) * 16, failure);
  exchange.start(1);
  unsigned sum = 0;
  for (int i = 0; i < rounds; ++i) {
    const unsigned value = static_cast<unsigned>(own + 1) * static_cast<unsigned>(i + 1);
    for (int b = static_cast<int>(threadIdx.x); b < blocks && !silent; b += 32) {
      exchange.send({value, 0, 0, 0}, slots + (i & 1) * blocks + own, 0, i, b);
    }
    if (!exchange.wait(0, i)) return;
    for (int b = 0; b < blocks; ++b) sum += slots[(i & 1) * blocks + b].x;
    __syncthreads();  // all have read before anybody tells the next round
  }
  if (threadIdx.x == 0) sums[own] = static_cast<float>(sum);
}

__global__ void double_kernel(float* values, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) values[i] *= 2.0f;
}

using ProductKernel = void (*)(const float*, const float*, int, float*);

std::vector<float> product(ProductKernel kernel, const std::vector<float>& a, const std::vector<float>& b, int k) {
  const OnDevice<float> left(a), right(b), out(std::vector<float>(16 * 8));
  launch(Stream{}, Grid{1}, Block{32}, 2048, kernel, left.data(), right.data(), k, out.data());
  return out.read();
}

}  // namespace

std::vector<float> block_sums(const std::vector<float>& values, unsigned threads) {
  const unsigned blocks = static_cast<unsigned>((values.size() + threads - 1) / threads);
  const OnDevice<float> in(values), out{std::vector<float>(blocks)};
  launch(Stream{}, Grid{blocks}, Block{threads}, threads / 32 * sizeof(float), sum_kernel, in.data(),
         static_cast<int>(values.size()), out.data());
  return out.read();
}

std::vector<float> product_bf16(const std::vector<float>& a, const std::vector<float>& b, int k) {
  return product(bf16_kernel, a, b, k);
}

std::vector<float> product_tf32(const std::vector<float>& a, const std::vector<float>& b, int k) {
  return product(tf32_kernel, a, b, k);
}

int ring(unsigned blocks, int rounds, bool one_sleeps) {
  const OnDevice<int> number({0});
  const OnDevice<std::uint32_t> words({0, 0});
  launch_cooperative(Stream{}, Grid{blocks}, Block{32}, 0, ring_kernel, rounds, one_sleeps, number.data(), words.data(),
                     words.data() + 1);
  return words.read()[1] ? -1 : number.read()[0];
}

std::vector<float> told(unsigned blocks, int rounds, bool silent) {
  const OnDevice<float> sums(std::vector<float>(blocks, -1.0f));
  const OnDevice<std::uint32_t> failure({0});
  launch_cluster(Stream{}, Grid{blocks}, Block{32}, 16 + 2 * blocks * sizeof(uint4), tell_all_kernel, rounds, silent,
                 sums.data(), failure.data());
  std::vector<float> result = sums.read();
  result.push_back(static_cast<float>(failure.read()[0]));
  return result;
}

std::vector<float> doubled(const std::vector<float>& values, int times) {
  const OnDevice<float> in(values);
  const int count = static_cast<int>(values.size());
  const Stream stream = make_stream();
  begin_capture(stream);
  launch(stream, Grid{(static_cast<unsigned>(count) + 31) / 32}, Block{32}, 0, double_kernel, in.data(), count);
  const Graph graph = end_capture(stream);
  for (int i = 0; i < times; ++i) launch_graph(graph, stream);
  synchronize(stream);
  destroy_graph(graph);
  destroy_stream(stream);
  return in.read();
}

}  // namespace rondo::test
