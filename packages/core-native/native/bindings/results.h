#pragma once

// Results to JavaScript values. All of these copy.

#include <span>
#include <vector>

#include "napi_config.h"
#include "rondo/network.h"

namespace rondo::bindings {

Napi::Value step_result(Napi::Env env, const StepResult& result);
/// With gradientNorm and updated.
Napi::Value train_step_result(Napi::Env env, const StepResult& result);
Napi::Value update_result(Napi::Env env, const UpdateResult& result);
/// With rowNll, rowHits, rowWeight.
Napi::Value evaluation_result(Napi::Env env, const EvaluationResult& result);
Napi::Value float_array(Napi::Env env, const std::vector<float>& values);

Napi::Object device_info(Napi::Env env, const DeviceInfo& device);
Napi::Object engine_info_object(Napi::Env env, const EngineInfo& info);
/// [{name, shape, trainable}]
Napi::Array parameter_infos(Napi::Env env, const std::vector<ParameterInfo>& parameters);
/// [{name, shape}]
Napi::Array tensor_infos(Napi::Env env, const std::vector<TensorInfo>& tensors);

}  // namespace rondo::bindings
