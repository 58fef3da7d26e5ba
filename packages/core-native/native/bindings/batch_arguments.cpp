#include "batch_arguments.h"

#include <string>

namespace rondo::bindings {

namespace {

template <class Element, class Array>
std::span<const Element> borrow(const Napi::Value& value, napi_typedarray_type type, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    throw Error(ErrorCode::shape, std::string("expected an ") + name + ", received something else");
  }
  Array array = value.As<Array>();
  return {array.Data(), array.ElementLength()};
}

NamedData named(const std::string& name, bool takes_ids, const Napi::Value& array) {
  NamedData data;
  data.name = name;
  if (takes_ids) {
    data.ids = borrow_ids(array);
  } else {
    data.values = borrow_floats(array);
  }
  return data;
}

}  // namespace

std::span<const std::int32_t> borrow_ids(const Napi::Value& value) {
  return borrow<std::int32_t, Napi::Int32Array>(value, napi_int32_array, "Int32Array");
}

std::span<const float> borrow_floats(const Napi::Value& value) {
  return borrow<float, Napi::Float32Array>(value, napi_float32_array, "Float32Array");
}

std::span<const std::uint8_t> borrow_bytes(const Napi::Value& value) {
  return borrow<std::uint8_t, Napi::Uint8Array>(value, napi_uint8_array, "Uint8Array");
}

std::vector<NamedData> borrow_inputs(const Napi::Value& arrays, const NetworkSpec& spec) {
  const Napi::Array list = arrays.As<Napi::Array>();
  std::vector<NamedData> inputs;
  for (std::uint32_t i = 0; i < spec.inputs.size(); ++i) {
    inputs.push_back(named(spec.inputs[i].name, spec.inputs[i].takes_ids(), list.Get(i)));
  }
  return inputs;
}

InputCopy::InputCopy(const Napi::Value& arrays, const NetworkSpec& spec) {
  for (const NamedData& data : borrow_inputs(arrays, spec)) {
    names_.push_back(data.name);
    ids_.emplace_back(data.ids.begin(), data.ids.end());
    values_.emplace_back(data.values.begin(), data.values.end());
  }
}

std::vector<NamedData> InputCopy::view() const {
  std::vector<NamedData> inputs;
  for (std::size_t i = 0; i < names_.size(); ++i) inputs.push_back({names_[i], ids_[i], values_[i]});
  return inputs;
}

BatchCopy::BatchCopy(const Napi::Object& batch, const NetworkSpec& spec) {
  view_.batch = batch.Get("batch").As<Napi::Number>().Int64Value();
  view_.time = batch.Get("time").As<Napi::Number>().Int64Value();
  view_.carry_state = batch.Get("carryState").As<Napi::Boolean>().Value();
  view_.row_offset = batch.Get("rowOffset").As<Napi::Number>().Int64Value();
  view_.inputs = borrow_inputs(batch.Get("inputs"), spec);
  if (batch.Has("targets")) {
    const Napi::Array targets = batch.Get("targets").As<Napi::Array>();
    for (std::uint32_t i = 0; i < spec.heads.size(); ++i) {
      const HeadSpec& head = spec.heads[i];
      view_.targets.push_back(named(head.name, head.kind == HeadKind::softmax, targets.Get(i)));
    }
  }
  for (std::vector<NamedData>* group : {&view_.inputs, &view_.targets}) {
    for (NamedData& data : *group) {
      data.ids = keep(data.ids);
      data.values = keep(data.values);
    }
  }
  if (batch.Has("weights")) view_.weights = keep(borrow_floats(batch.Get("weights")));
  if (batch.Has("lengths")) view_.lengths = keep(borrow_ids(batch.Get("lengths")));
  if (batch.Has("resets")) {
    const std::span<const std::uint8_t> resets = borrow_bytes(batch.Get("resets"));
    resets_.assign(resets.begin(), resets.end());
    view_.resets = resets_;
  }
}

std::span<const std::int32_t> BatchCopy::keep(std::span<const std::int32_t> ids) {
  if (ids.empty()) return {};
  return ids_.emplace_back(ids.begin(), ids.end());
}

std::span<const float> BatchCopy::keep(std::span<const float> values) {
  if (values.empty()) return {};
  return values_.emplace_back(values.begin(), values.end());
}

}  // namespace rondo::bindings
