#include "errors.h"

#include <exception>
#include <new>

#include "environment.h"
#include "rondo/error.h"

namespace rondo::bindings {

Failure current_failure() {
  try {
    throw;
  } catch (const Error& error) {
    return {code_name(error.code()), error.what()};
  } catch (const std::bad_alloc&) {
    return {code_name(ErrorCode::memory), "not enough memory for this call; use smaller batches or a smaller network"};
  } catch (const std::exception& error) {
    return {code_name(ErrorCode::internal), std::string("the engine failed: ") + error.what()};
  } catch (...) {
    return {code_name(ErrorCode::internal), "the engine failed for an unknown reason"};
  }
}

Napi::Error engine_error(Napi::Env env, const Failure& failure) {
  const Napi::String code = Napi::String::New(env, failure.code);
  const Napi::String message = Napi::String::New(env, failure.message);
  const Napi::FunctionReference& error_class = Environment::of(env).error_class;
  if (!error_class.IsEmpty()) return Napi::Error(env, error_class.New({code, message}));
  Napi::Error plain = Napi::Error::New(env, failure.message);
  plain.Set("code", code);
  return plain;
}

}  // namespace rondo::bindings
