#pragma once

#include <memory>

#include "napi_config.h"
#include "session.h"

namespace rondo::bindings {

/// The JavaScript object of a stream (NativeStream in src/native-binding.ts). Keeps its network's object alive.
class StreamObject final : public Napi::ObjectWrap<StreamObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, const Napi::Object& network, std::shared_ptr<Session> session,
                             std::unique_ptr<Stream> stream);

  explicit StreamObject(const Napi::CallbackInfo& info);
  ~StreamObject() override;

 private:
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value steps(const Napi::CallbackInfo& info);
  Napi::Value reset(const Napi::CallbackInfo& info);
  Napi::Value read_state(const Napi::CallbackInfo& info);
  Napi::Value write_state(const Napi::CallbackInfo& info);
  Napi::Value weight_bytes(const Napi::CallbackInfo& info);
  Napi::Value dispose(const Napi::CallbackInfo& info);

  /// The stream. Throws Error(disposed | busy).
  Stream& ready();
  std::size_t logits_size() const;

  Napi::ObjectReference network_;
  std::shared_ptr<Session> session_;
  std::shared_ptr<Stream> stream_;  ///< empty once disposed of
};

}  // namespace rondo::bindings
