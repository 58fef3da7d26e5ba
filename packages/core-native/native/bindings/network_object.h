#pragma once

#include <memory>

#include "napi_config.h"
#include "session.h"

namespace rondo::bindings {

/// The JavaScript object of a network (NativeNetwork in src/native-binding.ts).
class NetworkObject final : public Napi::ObjectWrap<NetworkObject> {
 public:
  static Napi::Function define(Napi::Env env);
  /// From a NativeConfig.
  static Napi::Object create(Napi::Env env, const Napi::Object& config);

  /// Called with an External<std::shared_ptr<Session>>.
  explicit NetworkObject(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv env) override;

 private:
  Napi::Value device(const Napi::CallbackInfo& info);
  Napi::Value threads(const Napi::CallbackInfo& info);
  Napi::Value precision(const Napi::CallbackInfo& info);
  Napi::Value parameters(const Napi::CallbackInfo& info);
  Napi::Value disposed(const Napi::CallbackInfo& info);
  Napi::Value memory_bytes(const Napi::CallbackInfo& info);
  Napi::Value step_count(const Napi::CallbackInfo& info);
  Napi::Value set_step_count(const Napi::CallbackInfo& info);
  Napi::Value reserve(const Napi::CallbackInfo& info);

  Napi::Value train_step(const Napi::CallbackInfo& info);
  Napi::Value stage(const Napi::CallbackInfo& info);
  Napi::Value accumulate(const Napi::CallbackInfo& info);
  Napi::Value update(const Napi::CallbackInfo& info);
  Napi::Value evaluate(const Napi::CallbackInfo& info);
  Napi::Value predict(const Napi::CallbackInfo& info);

  Napi::Value tensor_infos_of(const Napi::CallbackInfo& info);
  Napi::Value read_tensors(const Napi::CallbackInfo& info);
  Napi::Value write_tensors(const Napi::CallbackInfo& info);
  Napi::Value reset_state(const Napi::CallbackInfo& info);
  Napi::Value open_stream(const Napi::CallbackInfo& info);
  Napi::Value dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Session> session_;
};

}  // namespace rondo::bindings
