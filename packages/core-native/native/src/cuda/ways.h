#pragma once

// Which of several ways to the same result an op takes. The choice depends on the device and on sizes alone, never on a
// clock: ways differ in rounding, and the same seed gives the same bits.

#include "cuda/device_facts.h"

namespace rondo::cuda {

/// The LSTM's chain over time, from the slowest to what should be the fastest: a launch per step; one launch, blocks
/// meet by flags in L2; groups are clusters and meet by the hardware's barrier; members store into one another's shared
/// memory. What a device or size cannot do falls back to the one before.
enum class LstmPath { fused, persistent, cluster, distributed };

/// What was measured to be fastest on such devices (nothing so far: persistent everywhere), unless RONDO_CUDA_LSTM
/// names one: fused (or graph), persistent, cluster, distributed.
LstmPath lstm_path(const DeviceFacts& facts);

/// Whether large bf16 products go by warpgroups (sm_90 alone): so far only where RONDO_CUDA_GEMM=wgmma asks for it;
/// RONDO_CUDA_GEMM=mma never.
bool takes_warpgroups(const DeviceFacts& facts);

}  // namespace rondo::cuda
