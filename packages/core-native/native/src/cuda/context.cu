#include "cuda/context.h"

#include <algorithm>

#include "rondo/error.h"

namespace rondo::cuda {

CudaContext::CudaContext(const DeviceFacts& facts, Precision precision) : facts_(facts), precision_(precision) {
  use_device(facts.index);
  stream_ = make_stream();
  try {
    failure_ = static_cast<std::uint32_t*>(allocate_device(sizeof(std::uint32_t)));
    fill_bytes(failure_, 0, sizeof(std::uint32_t), stream_);
  } catch (...) {
    free_device(failure_);
    destroy_stream(stream_);
    throw;
  }
}

CudaContext::~CudaContext() {
  free_device(scratch_);
  free_device(failure_);
  destroy_stream(stream_);
}

void* CudaContext::scratch(std::size_t bytes) {
  if (bytes <= scratch_bytes_) return scratch_;
  if (capturing_) throw Error(ErrorCode::internal, "the CUDA scratch would grow while a graph is captured");
  constexpr std::size_t kGrain = std::size_t{1} << 20;
  const std::size_t wanted = (std::max(bytes, scratch_bytes_ * 2) + kGrain - 1) / kGrain * kGrain;
  synchronize(stream_);
  free_device(scratch_);
  scratch_ = nullptr;
  scratch_bytes_ = 0;
  scratch_ = allocate_device(wanted);
  scratch_bytes_ = wanted;
  ++scratch_moves_;
  return scratch_;
}

unsigned CudaContext::blocks_for(std::int64_t items, std::int64_t per_block) const {
  constexpr std::int64_t kBlocksPerMultiprocessor = 16;
  const std::int64_t most = kBlocksPerMultiprocessor * std::max(facts_.multiprocessors, 1);
  return static_cast<unsigned>(std::clamp<std::int64_t>((items + per_block - 1) / per_block, 1, most));
}

}  // namespace rondo::cuda
