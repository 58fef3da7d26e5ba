// The addon's exports (NativeBinding in src/native-binding.ts).

#include <cstdint>
#include <vector>

#include "bench_call.h"
#include "environment.h"
#include "errors.h"
#include "forecast_call.h"
#include "network_object.h"
#include "results.h"
#include "rondo/device.h"
#include "stream_object.h"

namespace rondo::bindings {

namespace {

Napi::Value set_error_class(const Napi::CallbackInfo& info) {
  Environment::of(info.Env()).error_class = Napi::Persistent(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

Napi::Value create_network(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return NetworkObject::create(info.Env(), info[0].As<Napi::Object>()); });
}

Napi::Value list_devices_call(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const std::vector<DeviceInfo> devices = list_devices();
    Napi::Array array = Napi::Array::New(info.Env(), devices.size());
    for (std::uint32_t i = 0; i < devices.size(); ++i) array.Set(i, device_info(info.Env(), devices[i]));
    return array;
  });
}

Napi::Value info_call(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return engine_info_object(info.Env(), engine_info()); });
}

Napi::Object make_exports(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment();
  env.SetInstanceData(environment);  // deleted with the environment
  environment->network_class = Napi::Persistent(NetworkObject::define(env));
  environment->stream_class = Napi::Persistent(StreamObject::define(env));
  exports.Set("setErrorClass", Napi::Function::New<set_error_class>(env, "setErrorClass"));
  exports.Set("createNetwork", Napi::Function::New<create_network>(env, "createNetwork"));
  exports.Set("forecastMemory", Napi::Function::New<forecast_call>(env, "forecastMemory"));
  exports.Set("listDevices", Napi::Function::New<list_devices_call>(env, "listDevices"));
  exports.Set("info", Napi::Function::New<info_call>(env, "info"));
  exports.Set("bench", Napi::Function::New<bench_call>(env, "bench"));
  return exports;
}

}  // namespace

}  // namespace rondo::bindings

static Napi::Object load(Napi::Env env, Napi::Object exports) {
  return rondo::bindings::make_exports(env, exports);
}

NODE_API_MODULE(rondo_native, load)
