#pragma once

// From C++ exceptions to EngineError.

#include <string>
#include <utility>

#include "napi_config.h"

namespace rondo::bindings {

/// A failure without any JavaScript in it, so that a worker thread can carry it home.
struct Failure {
  std::string code;  ///< "RONDO_ENGINE_…"
  std::string message;
};

/// The exception that is being handled, as a Failure. Call inside a catch block only.
Failure current_failure();

/// An EngineError of this environment, not yet thrown.
Napi::Error engine_error(Napi::Env env, const Failure& failure);

/// Runs `body` on the JavaScript thread; what the engine throws leaves as an EngineError.
template <class Body>
auto guarded(Napi::Env env, Body&& body) -> decltype(body()) {
  try {
    return std::forward<Body>(body)();
  } catch (const Napi::Error&) {
    throw;  // JavaScript's own
  } catch (...) {
    throw engine_error(env, current_failure());
  }
}

}  // namespace rondo::bindings
