#pragma once

// Matrix products of a warpgroup (four warps, 128 threads) on operands in shared memory: wgmma, which only sm_90a has.
// The host launches such kernels on devices of capability 9.0 alone. All threads of the warpgroup call together.

#include <cstdint>

#include "platform.h"

#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#  define RONDO_HAS_WARPGROUPS 1
#else
#  define RONDO_HAS_WARPGROUPS 0
#endif

namespace rondo::cuda {

/// Between this thread's stores to shared memory (asynchronous copies included, once they have landed) and the barrier
/// behind which warpgroups read them: the tensor cores see memory through a proxy of their own.
__device__ __forceinline__ void show_to_warpgroups() {
#if RONDO_HAS_WARPGROUPS
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#else
  __trap();
#endif
}

/// Before the first product, and wherever other instructions have touched the sums.
__device__ __forceinline__ void begin_products() {
#if RONDO_HAS_WARPGROUPS
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#else
  __trap();
#endif
}

/// d += a b: 64 × 16 times 16 × 128 bfloat16, sums in float. The operands by their descriptions (device/swizzle.h),
/// with k along the rows of their storage, or down its columns. Warp w of the warpgroup has rows 16 w …; d[4 j + 2 i +
/// e] is row lane / 4 + 8 i of them, column 8 j + 2 (lane % 4) + e. Nothing may touch d before end_products().
template <bool kADeep, bool kBDeep>
__device__ __forceinline__ void multiply_64x128x16(float (&d)[64], std::uint64_t a, std::uint64_t b) {
#if RONDO_HAS_WARPGROUPS
  asm volatile(
      "{\n.reg .pred p;\nsetp.eq.b32 p, 0, 0;\n"
      "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 "
      "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, "
      "%64, %65, p, 1, 1, %66, %67;\n}"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]), "+f"(d[5]), "+f"(d[6]), "+f"(d[7]), "+f"(d[8]),
        "+f"(d[9]), "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]), "+f"(d[14]), "+f"(d[15]), "+f"(d[16]),
        "+f"(d[17]), "+f"(d[18]), "+f"(d[19]), "+f"(d[20]), "+f"(d[21]), "+f"(d[22]), "+f"(d[23]), "+f"(d[24]),
        "+f"(d[25]), "+f"(d[26]), "+f"(d[27]), "+f"(d[28]), "+f"(d[29]), "+f"(d[30]), "+f"(d[31]), "+f"(d[32]),
        "+f"(d[33]), "+f"(d[34]), "+f"(d[35]), "+f"(d[36]), "+f"(d[37]), "+f"(d[38]), "+f"(d[39]), "+f"(d[40]),
        "+f"(d[41]), "+f"(d[42]), "+f"(d[43]), "+f"(d[44]), "+f"(d[45]), "+f"(d[46]), "+f"(d[47]), "+f"(d[48]),
        "+f"(d[49]), "+f"(d[50]), "+f"(d[51]), "+f"(d[52]), "+f"(d[53]), "+f"(d[54]), "+f"(d[55]), "+f"(d[56]),
        "+f"(d[57]), "+f"(d[58]), "+f"(d[59]), "+f"(d[60]), "+f"(d[61]), "+f"(d[62]), "+f"(d[63])
      : "l"(a), "l"(b), "n"(kADeep ? 0 : 1), "n"(kBDeep ? 0 : 1));
#else
  __trap();
#endif
}

/// Waits for all products begun.
__device__ __forceinline__ void end_products(float (&d)[64]) {
#if RONDO_HAS_WARPGROUPS
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
  asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
#  pragma unroll
  for (int i = 0; i < 64; ++i) asm volatile("" : "+f"(d[i])::"memory");  // no use of d moves up over the wait
#else
  __trap();
#endif
}

}  // namespace rondo::cuda
