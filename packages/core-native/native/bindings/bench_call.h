#pragma once

// The benchmark table as a promise.

#include "napi_config.h"

namespace rondo::bindings {

/// bench({threads, seconds, only, batchSizes}, onRow) → promise of {threads, fmaGflops, readGBps, rows}; onRow gets a
/// case's name as each one ends.
Napi::Value bench_call(const Napi::CallbackInfo& info);

}  // namespace rondo::bindings
