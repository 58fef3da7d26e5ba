#include "stream_object.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "async_call.h"
#include "batch_arguments.h"
#include "environment.h"
#include "errors.h"
#include "results.h"

namespace rondo::bindings {

namespace {

/// What the constructor takes over from create().
struct Parts {
  Napi::Object network;
  std::shared_ptr<Session> session;
  std::shared_ptr<Stream> stream;
};

}  // namespace

Napi::Function StreamObject::define(Napi::Env env) {
  using Self = StreamObject;
  return DefineClass(
      env, "NativeStream",
      {Self::InstanceMethod<&Self::step>("step"), Self::InstanceMethod<&Self::steps>("steps"),
       Self::InstanceMethod<&Self::reset>("reset"), Self::InstanceMethod<&Self::read_state>("readState"),
       Self::InstanceMethod<&Self::write_state>("writeState"), Self::InstanceMethod<&Self::dispose>("dispose"),
       Self::InstanceAccessor<&Self::weight_bytes>("weightBytes")});
}

Napi::Object StreamObject::create(Napi::Env env, const Napi::Object& network, std::shared_ptr<Session> session,
                                  std::unique_ptr<Stream> stream) {
  Parts parts{network, std::move(session), std::move(stream)};
  return Environment::of(env).stream_class.New({Napi::External<Parts>::New(env, &parts)});
}

StreamObject::StreamObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Parts& parts = *info[0].As<Napi::External<Parts>>().Data();
  network_ = Napi::Persistent(parts.network);
  session_ = parts.session;
  stream_ = parts.stream;
}

StreamObject::~StreamObject() {
  if (session_) session_->retire(std::move(stream_));
}

Stream& StreamObject::ready() {
  session_->ready();
  if (!stream_) throw Error(ErrorCode::disposed, "the stream has been disposed of; open a new one");
  return *stream_;
}

std::size_t StreamObject::logits_size() const {
  return static_cast<std::size_t>(stream_->rows() * stream_->vocabulary());
}

Napi::Value StreamObject::step(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Stream& stream = ready();
    Napi::Float32Array logits = Napi::Float32Array::New(info.Env(), logits_size());
    const std::span<float> out(logits.Data(), logits.ElementLength());
    const NetworkSpec& spec = session_->ready().spec();
    if (spec.inputs.size() == 1 && spec.inputs[0].takes_ids()) {
      stream.step(borrow_ids(info[0].As<Napi::Array>().Get(std::uint32_t{0})), out);
    } else {
      stream.step(borrow_inputs(info[0], spec), out);
    }
    return logits;
  });
}

Napi::Value StreamObject::steps(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    ready();
    const std::int64_t count = info[1].As<Napi::Number>().Int64Value();
    const auto work = [stream = stream_, inputs = InputCopy(info[0], session_->ready().spec()), count,
                       size = logits_size()] {
      std::vector<float> logits(size);
      stream->steps(inputs.view(), count, logits);
      return logits;
    };
    return AsyncCall<std::vector<float>>::start(Value(), session_, work, float_array);
  });
}

Napi::Value StreamObject::reset(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    ready().reset(info[0].As<Napi::Number>().Int64Value());
    return info.Env().Undefined();
  });
}

Napi::Value StreamObject::read_state(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const Stream& stream = ready();
    Napi::Float32Array state = Napi::Float32Array::New(info.Env(), static_cast<std::size_t>(stream.state_size()));
    stream.read_state(std::span<float>(state.Data(), state.ElementLength()));
    return state;
  });
}

Napi::Value StreamObject::write_state(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    ready().write_state(borrow_floats(info[0]));
    return info.Env().Undefined();
  });
}

Napi::Value StreamObject::weight_bytes(const Napi::CallbackInfo& info) {
  return guarded(info.Env(),
                 [&] { return Napi::Number::New(info.Env(), static_cast<double>(ready().weight_bytes())); });
}

Napi::Value StreamObject::dispose(const Napi::CallbackInfo& info) {
  session_->retire(std::exchange(stream_, nullptr));
  session_->refresh(info.Env());
  return info.Env().Undefined();
}

}  // namespace rondo::bindings
