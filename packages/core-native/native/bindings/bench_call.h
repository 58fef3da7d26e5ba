#pragma once

// The benchmark table as a promise.

#include "napi_config.h"

namespace rondo::bindings {

/// bench({threads, seconds, only, batchSizes}, onRow) → {report, stop}: a promise of {threads, fmaGflops, readGBps,
/// rows} and what ends it early, with the rows so far; onRow gets each row as its case ends.
Napi::Value bench_call(const Napi::CallbackInfo& info);

}  // namespace rondo::bindings
