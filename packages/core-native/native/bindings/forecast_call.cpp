#include "forecast_call.h"

#include "errors.h"
#include "results.h"
#include "rondo/forecast.h"
#include "spec_arguments.h"

namespace rondo::bindings {

Napi::Value forecast_call(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Napi::Object config = info[0].As<Napi::Object>();
    const MemoryForecast forecast =
        forecast_memory(network_spec(config.Get("spec").As<Napi::Object>()), network_options(config),
                        info[1].As<Napi::Number>().Int64Value(), info[2].As<Napi::Number>().Int64Value());
    Napi::Object object = Napi::Object::New(info.Env());
    auto set = [&](const char* name, std::uint64_t bytes) { object.Set(name, static_cast<double>(bytes)); };
    object.Set("device", device_info(info.Env(), forecast.device));
    set("parameters", forecast.parameters);
    set("gradients", forecast.gradients);
    set("optimizer", forecast.optimizer_slots);
    set("packed", forecast.packed_weights);
    set("work", forecast.work);
    set("state", forecast.state);
    set("scratch", forecast.scratch);
    set("total", forecast.total());
    return object;
  });
}

}  // namespace rondo::bindings
