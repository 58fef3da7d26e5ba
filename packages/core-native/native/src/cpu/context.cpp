#include "cpu/context.h"

#include <new>

#include "cpu/host/memory.h"
#include "rondo/error.h"

namespace rondo::cpu::RONDO_ISA {

CpuContext::CpuContext(int threads) : pool_(threads) {
  const std::size_t bytes = scratch_bytes();
  scratch_ = static_cast<float*>(allocate_memory(bytes));
  barriers_ = new (std::nothrow) SpinBarrier[static_cast<std::size_t>(threads)];
  if (!scratch_ || !barriers_) {
    release_memory(scratch_);
    delete[] barriers_;
    throw Error(ErrorCode::memory, "could not allocate the threads' scratch; use fewer threads");
  }
}

CpuContext::~CpuContext() {
  release_memory(scratch_);
  delete[] barriers_;
}

}  // namespace rondo::cpu::RONDO_ISA
