#pragma once

#include "napi_config.h"

namespace rondo::bindings {

/// forecastMemory(config, batch, time): bytes that a training would take.
Napi::Value forecast_call(const Napi::CallbackInfo& info);

}  // namespace rondo::bindings
