#pragma once

// Specs and options from JavaScript objects. They arrive checked and complete; a value of the wrong type throws, and
// the engine validates ranges again when it builds.

#include "napi_config.h"
#include "rondo/network.h"

namespace rondo::bindings {

NetworkSpec network_spec(const Napi::Object& spec);

/// From {spec, optimizer, seed, device, threads, precision}.
NetworkOptions network_options(const Napi::Object& config);

/// From "fp32", "bf16" or "int8".
WeightPrecision weight_precision(const Napi::Value& name);

/// From {learningRate, clipNorm?}.
UpdateOptions update_options(const Napi::Object& update);

}  // namespace rondo::bindings
