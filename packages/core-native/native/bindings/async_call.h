#pragma once

// The one worker behind every promise of the addon.

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "errors.h"
#include "napi_config.h"
#include "session.h"

namespace rondo::bindings {

/// Runs `work` on a worker thread and settles a promise with `convert(result)` or an EngineError. The owner (the object
/// that the method was called on) and the session live until then. `work` must hold no JavaScript value.
template <class Result>
class AsyncCall final : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result()>;
  using Convert = Napi::Value (*)(Napi::Env, const Result&);

  /// Throws Error(disposed | busy).
  static Napi::Value start(Napi::Object owner, std::shared_ptr<Session> session, Work work, Convert convert) {
    std::unique_ptr<AsyncCall> call(new AsyncCall(owner, session, std::move(work), convert));
    const Napi::Value promise = call->deferred_.Promise();
    session->begin();
    call.release()->Queue();  // deletes itself when it is done
    return promise;
  }

 private:
  AsyncCall(Napi::Object owner, std::shared_ptr<Session> session, Work work, Convert convert)
      : Napi::AsyncWorker(owner.Env(), "rondo"),
        deferred_(Napi::Promise::Deferred::New(owner.Env())),
        owner_(Napi::Persistent(owner)),
        session_(std::move(session)),
        work_(std::move(work)),
        convert_(convert) {}

  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (...) {
      failure_ = current_failure();
      SetError(failure_.message.empty() ? "failed" : failure_.message);
    }
  }

  void OnOK() override {
    session_->end(Env());
    try {
      deferred_.Resolve(convert_(Env(), *result_));
    } catch (const Napi::Error&) {
      throw;
    } catch (...) {
      deferred_.Reject(engine_error(Env(), current_failure()).Value());
    }
  }

  void OnError(const Napi::Error&) override {
    session_->end(Env());
    deferred_.Reject(engine_error(Env(), failure_).Value());
  }

  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference owner_;
  std::shared_ptr<Session> session_;
  Work work_;
  Convert convert_;
  std::optional<Result> result_;
  Failure failure_;
};

}  // namespace rondo::bindings
