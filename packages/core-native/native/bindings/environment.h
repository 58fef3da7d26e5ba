#pragma once

// What the addon keeps per JavaScript environment (the main thread and every worker_thread have their own).

#include "napi_config.h"

namespace rondo::bindings {

struct Environment {
  Napi::FunctionReference error_class;  ///< EngineError(code, message); set by the TypeScript side at load
  Napi::FunctionReference network_class;
  Napi::FunctionReference stream_class;

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

}  // namespace rondo::bindings
