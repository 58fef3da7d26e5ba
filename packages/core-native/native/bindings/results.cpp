#include "results.h"

#include <algorithm>
#include <string>

namespace rondo::bindings {

namespace {

Napi::Number number(Napi::Env env, double value) {
  return Napi::Number::New(env, value);
}

Napi::Object step_object(Napi::Env env, const StepResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("loss", result.loss);
  object.Set("lossSum", result.loss_sum);
  object.Set("weightSum", result.weight_sum);
  object.Set("hits", result.hits);
  object.Set("finite", result.finite);
  return object;
}

Napi::Value double_array(Napi::Env env, const std::vector<double>& values) {
  Napi::Float64Array array = Napi::Float64Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

Napi::Array shape_array(Napi::Env env, const Shape& shape) {
  Napi::Array array = Napi::Array::New(env, shape.size());
  for (std::uint32_t i = 0; i < shape.size(); ++i) array.Set(i, number(env, static_cast<double>(shape[i])));
  return array;
}

Napi::Object tensor_object(Napi::Env env, const std::string& name, const Shape& shape) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", name);
  object.Set("shape", shape_array(env, shape));
  return object;
}

}  // namespace

Napi::Value step_result(Napi::Env env, const StepResult& result) {
  return step_object(env, result);
}

Napi::Value train_step_result(Napi::Env env, const StepResult& result) {
  Napi::Object object = step_object(env, result);
  object.Set("gradientNorm", result.gradient_norm);
  object.Set("updated", result.updated);
  return object;
}

Napi::Value update_result(Napi::Env env, const UpdateResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("gradientNorm", result.gradient_norm);
  object.Set("finite", result.finite);
  object.Set("updated", result.updated);
  return object;
}

Napi::Value evaluation_result(Napi::Env env, const EvaluationResult& result) {
  Napi::Object object = step_object(env, result);
  object.Set("rowNll", double_array(env, result.rows.nll));
  object.Set("rowHits", double_array(env, result.rows.hits));
  object.Set("rowWeight", double_array(env, result.rows.weight));
  return object;
}

Napi::Value float_array(Napi::Env env, const std::vector<float>& values) {
  Napi::Float32Array array = Napi::Float32Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

Napi::Object device_info(Napi::Env env, const DeviceInfo& device) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", device.kind == DeviceKind::cuda ? "cuda" : "cpu");
  object.Set("index", device.index);
  object.Set("name", device.name);
  object.Set("simd", device.simd);
  object.Set("threads", device.threads);
  object.Set("memoryBytes", number(env, static_cast<double>(device.memory_bytes)));
  if (device.driver.empty()) {
    object.Set("driver", env.Null());
  } else {
    object.Set("driver", device.driver);
  }
  return object;
}

Napi::Object engine_info_object(Napi::Env env, const EngineInfo& info) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("version", info.version);
  object.Set("simd", info.simd);
  object.Set("cudaBuilt", info.cuda_built);
  Napi::Array architectures = Napi::Array::New(env, info.cuda_architectures.size());
  for (std::uint32_t i = 0; i < info.cuda_architectures.size(); ++i) architectures.Set(i, info.cuda_architectures[i]);
  object.Set("cudaArchitectures", architectures);
  object.Set("cudaNote", info.cuda_note);
  return object;
}

Napi::Array parameter_infos(Napi::Env env, const std::vector<ParameterInfo>& parameters) {
  Napi::Array array = Napi::Array::New(env, parameters.size());
  for (std::uint32_t i = 0; i < parameters.size(); ++i) {
    Napi::Object object = tensor_object(env, parameters[i].name, parameters[i].shape);
    object.Set("trainable", parameters[i].trainable);
    array.Set(i, object);
  }
  return array;
}

Napi::Array tensor_infos(Napi::Env env, const std::vector<TensorInfo>& tensors) {
  Napi::Array array = Napi::Array::New(env, tensors.size());
  for (std::uint32_t i = 0; i < tensors.size(); ++i) {
    array.Set(i, tensor_object(env, tensors[i].name, tensors[i].shape));
  }
  return array;
}

}  // namespace rondo::bindings
