#include "network_object.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "async_call.h"
#include "batch_arguments.h"
#include "environment.h"
#include "errors.h"
#include "results.h"
#include "spec_arguments.h"
#include "stream_object.h"
#include "tensor_arguments.h"

namespace rondo::bindings {

Napi::Function NetworkObject::define(Napi::Env env) {
  using Self = NetworkObject;
  return DefineClass(env, "NativeNetwork",
                     {Self::InstanceAccessor<&Self::device>("device"),
                      Self::InstanceAccessor<&Self::threads>("threads"),
                      Self::InstanceAccessor<&Self::precision>("precision"),
                      Self::InstanceMethod<&Self::reserve>("reserve"),
                      Self::InstanceAccessor<&Self::parameters>("parameters"),
                      Self::InstanceAccessor<&Self::disposed>("disposed"),
                      Self::InstanceAccessor<&Self::memory_bytes>("memoryBytes"),
                      Self::InstanceAccessor<&Self::step_count>("stepCount"),
                      Self::InstanceMethod<&Self::set_step_count>("setStepCount"),
                      Self::InstanceMethod<&Self::train_step>("trainStep"),
                      Self::InstanceMethod<&Self::stage>("stage"),
                      Self::InstanceMethod<&Self::accumulate>("accumulate"),
                      Self::InstanceMethod<&Self::update>("update"),
                      Self::InstanceMethod<&Self::evaluate>("evaluate"),
                      Self::InstanceMethod<&Self::predict>("predict"),
                      Self::InstanceMethod<&Self::tensor_infos_of>("tensorInfos"),
                      Self::InstanceMethod<&Self::read_tensors>("readTensors"),
                      Self::InstanceMethod<&Self::write_tensors>("writeTensors"),
                      Self::InstanceMethod<&Self::reset_state>("resetState"),
                      Self::InstanceMethod<&Self::open_stream>("openStream"),
                      Self::InstanceMethod<&Self::dispose>("dispose")});
}

Napi::Object NetworkObject::create(Napi::Env env, const Napi::Object& config) {
  auto session = std::make_shared<Session>(
      Network::create(network_spec(config.Get("spec").As<Napi::Object>()), network_options(config)));
  session->refresh(env);
  return Environment::of(env).network_class.New({Napi::External<std::shared_ptr<Session>>::New(env, &session)});
}

NetworkObject::NetworkObject(const Napi::CallbackInfo& info)
    : ObjectWrap(info), session_(*info[0].As<Napi::External<std::shared_ptr<Session>>>().Data()) {}

void NetworkObject::Finalize(Napi::BasicEnv env) {
  session_->forget(env);
}

// Facts

Napi::Value NetworkObject::device(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return device_info(info.Env(), session_->ready().device()); });
}

Napi::Value NetworkObject::threads(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return Napi::Number::New(info.Env(), session_->ready().threads()); });
}

Napi::Value NetworkObject::precision(const Napi::CallbackInfo& info) {
  return guarded(info.Env(),
                 [&] { return Napi::String::New(info.Env(), precision_name(session_->ready().precision())); });
}

Napi::Value NetworkObject::reserve(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->ready();
    network.reserve(info[0].As<Napi::Number>().Int64Value(), info[1].As<Napi::Number>().Int64Value());
    session_->refresh(info.Env());
    return info.Env().Undefined();
  });
}

Napi::Value NetworkObject::parameters(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return parameter_infos(info.Env(), session_->ready().parameters()); });
}

Napi::Value NetworkObject::disposed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), session_->disposed());
}

Napi::Value NetworkObject::memory_bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(session_->memory_bytes()));
}

Napi::Value NetworkObject::step_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(session_->step_count()));
}

Napi::Value NetworkObject::set_step_count(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    session_->ready().set_step_count(static_cast<std::uint64_t>(info[0].As<Napi::Number>().Int64Value()));
    session_->refresh(info.Env());
    return info.Env().Undefined();
  });
}

// Calls on a worker: the preconditions, then copies of the arguments, then the call.

Napi::Value NetworkObject::train_step(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->ready();
    auto batch = std::make_shared<const BatchCopy>(info[0].As<Napi::Object>(), network.spec());
    const UpdateOptions options = update_options(info[1].As<Napi::Object>());
    return AsyncCall<StepResult>::start(
        Value(), session_, [&network, batch, options] { return network.train_step(batch->view(), options); },
        train_step_result);
  });
}

Napi::Value NetworkObject::stage(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->living();
    if (network.device().kind != DeviceKind::cpu) {
      network.stage(BatchCopy(info[0].As<Napi::Object>(), network.spec()).view());
    }
    return info.Env().Undefined();
  });
}

Napi::Value NetworkObject::accumulate(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->ready();
    auto batch = std::make_shared<const BatchCopy>(info[0].As<Napi::Object>(), network.spec());
    return AsyncCall<StepResult>::start(
        Value(), session_, [&network, batch] { return network.accumulate(batch->view()); }, step_result);
  });
}

Napi::Value NetworkObject::update(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->ready();
    const UpdateOptions options = update_options(info[0].As<Napi::Object>());
    return AsyncCall<UpdateResult>::start(
        Value(), session_, [&network, options] { return network.update(options); }, update_result);
  });
}

Napi::Value NetworkObject::evaluate(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->ready();
    auto batch = std::make_shared<const BatchCopy>(info[0].As<Napi::Object>(), network.spec());
    const WeightPrecision precision = weight_precision(info[1]);
    return AsyncCall<EvaluationResult>::start(
        Value(), session_, [&network, batch, precision] { return network.evaluate(batch->view(), precision); },
        evaluation_result);
  });
}

Napi::Value NetworkObject::predict(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Network& network = session_->ready();
    auto batch = std::make_shared<const BatchCopy>(info[0].As<Napi::Object>(), network.spec());
    const auto work = [&network, batch] {
      std::vector<float> probabilities(static_cast<std::size_t>(network.prediction_size(batch->view())));
      network.predict(batch->view(), probabilities);
      return probabilities;
    };
    return AsyncCall<std::vector<float>>::start(Value(), session_, work, float_array);
  });
}

// Tensors and states

Napi::Value NetworkObject::tensor_infos_of(const Napi::CallbackInfo& info) {
  return guarded(info.Env(),
                 [&] { return tensor_infos(info.Env(), session_->ready().tensors(tensor_group(info[0]))); });
}

Napi::Value NetworkObject::read_tensors(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Network& network = session_->ready();
    const TensorGroup group = tensor_group(info[0]);
    const std::vector<TensorInfo> tensors = network.tensors(group);
    Napi::Array blocks = Napi::Array::New(info.Env(), tensors.size());
    std::vector<float*> destinations;
    for (std::uint32_t i = 0; i < tensors.size(); ++i) {
      const auto size = static_cast<std::size_t>(element_count(tensors[i].shape));
      Napi::Float32Array block = Napi::Float32Array::New(info.Env(), size);
      destinations.push_back(block.Data());
      blocks.Set(i, block);
    }
    network.read(group, destinations);
    return blocks;
  });
}

Napi::Value NetworkObject::write_tensors(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    session_->ready().write(tensor_group(info[0]), borrow_tensors(info[1].As<Napi::Array>()));
    session_->refresh(info.Env());
    return info.Env().Undefined();
  });
}

Napi::Value NetworkObject::reset_state(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    session_->ready().reset_state();
    return info.Env().Undefined();
  });
}

Napi::Value NetworkObject::open_stream(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const std::int64_t rows = info[0].As<Napi::Number>().Int64Value();
    const Napi::Object stream = StreamObject::create(info.Env(), Value(), session_,
                                                     session_->ready().open_stream(rows, weight_precision(info[1])));
    session_->refresh(info.Env());
    return stream;
  });
}

Napi::Value NetworkObject::dispose(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    session_->dispose(info.Env());
    return info.Env().Undefined();
  });
}

}  // namespace rondo::bindings
