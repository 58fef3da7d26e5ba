#include "bench_call.h"

#include <atomic>
#include <memory>

#include "bench.h"
#include "errors.h"

namespace rondo::bindings {

namespace {

bench::Options options_from(const Napi::Object& object) {
  bench::Options options;
  options.threads = object.Get("threads").As<Napi::Number>().Int32Value();
  options.seconds = object.Get("seconds").As<Napi::Number>().DoubleValue();
  options.only = object.Get("only").As<Napi::String>().Utf8Value();
  if (object.Get("device").As<Napi::String>().Utf8Value() == "cuda") options.target.device = DeviceChoice::cuda;
  const std::string precision = object.Get("precision").As<Napi::String>().Utf8Value();
  for (const Precision p : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    if (precision == precision_name(p)) options.target.precision = p;
  }
  const Napi::Array sizes = object.Get("batchSizes").As<Napi::Array>();
  for (std::uint32_t i = 0; i < sizes.Length(); ++i) {
    options.batch_sizes.push_back(sizes.Get(i).As<Napi::Number>().Int64Value());
  }
  return options;
}

Napi::Object row_object(Napi::Env env, const bench::Row& row) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", row.name);
  object.Set("threads", row.threads);
  object.Set("ms", row.milliseconds);
  object.Set("medianMs", row.median);
  if (row.gflops > 0) object.Set("gflops", row.gflops);
  if (row.gbps > 0) object.Set("gbps", row.gbps);
  if (row.share > 0) {
    object.Set("shareOfPeak", row.share);
    object.Set("shareOfPeakByCpuTime", row.cpu_share);
  }
  if (row.batch > 0) object.Set("batch", static_cast<double>(row.batch));
  if (row.memory > 0) object.Set("memoryBytes", static_cast<double>(row.memory));
  return object;
}

/// Runs the table on a worker thread; rows arrive one by one.
class BenchWorker final : public Napi::AsyncProgressQueueWorker<bench::Row> {
 public:
  BenchWorker(Napi::Env env, bench::Options options, const Napi::Function& on_row)
      : AsyncProgressQueueWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        options_(std::move(options)),
        on_row_(Napi::Persistent(on_row)) {
    options_.stopped = [flag = stop_flag_] { return flag->load(std::memory_order_relaxed); };
  }

  Napi::Promise promise() const { return deferred_.Promise(); }
  /// Set to end the table between two runs; may outlive the worker.
  std::shared_ptr<std::atomic<bool>> stop_flag() const { return stop_flag_; }

 protected:
  void Execute(const ExecutionProgress& progress) override {
    try {
      report_ = bench::run_benches(options_, [&](const bench::Row& row) { progress.Send(&row, 1); });
    } catch (...) {
      failure_ = current_failure();
      SetError(failure_.message.empty() ? "failed" : failure_.message);
    }
  }

  void OnProgress(const bench::Row* row, std::size_t count) override {
    if (count > 0) on_row_.Call({row_object(Env(), *row)});
  }

  void OnOK() override {
    Napi::Object object = Napi::Object::New(Env());
    object.Set("threads", report_.threads);
    object.Set("fmaGflops", report_.fma_gflops);
    object.Set("readGBps", report_.read_gbps);
    Napi::Array rows = Napi::Array::New(Env(), report_.rows.size());
    for (std::uint32_t i = 0; i < report_.rows.size(); ++i) rows.Set(i, row_object(Env(), report_.rows[i]));
    object.Set("rows", rows);
    deferred_.Resolve(object);
  }

  void OnError(const Napi::Error&) override { deferred_.Reject(engine_error(Env(), failure_).Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<std::atomic<bool>> stop_flag_ = std::make_shared<std::atomic<bool>>(false);
  bench::Options options_;
  Napi::FunctionReference on_row_;
  bench::Report report_;
  Failure failure_;
};

}  // namespace

Napi::Value bench_call(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    auto* worker = new BenchWorker(info.Env(), options_from(info[0].As<Napi::Object>()), info[1].As<Napi::Function>());
    Napi::Object call = Napi::Object::New(info.Env());
    call.Set("report", worker->promise());
    call.Set("stop", Napi::Function::New(info.Env(), [flag = worker->stop_flag()](const Napi::CallbackInfo&) {
               flag->store(true, std::memory_order_relaxed);
             }));
    worker->Queue();  // deletes itself when it is done
    return call;
  });
}

}  // namespace rondo::bindings
