#include "tensor_arguments.h"

#include <string>
#include <utility>

#include "batch_arguments.h"

namespace rondo::bindings {

TensorGroup tensor_group(const Napi::Value& name) {
  const std::string text = name.As<Napi::String>().Utf8Value();
  if (text == "parameters") return TensorGroup::parameters;
  if (text == "gradients") return TensorGroup::gradients;
  if (text == "optimizerSlots") return TensorGroup::optimizer_slots;
  if (text == "trainingState") return TensorGroup::training_state;
  throw Error(ErrorCode::internal, "there is no group of tensors called " + text);
}

std::vector<TensorView> borrow_tensors(const Napi::Array& tensors) {
  std::vector<TensorView> views;
  for (std::uint32_t i = 0; i < tensors.Length(); ++i) {
    const Napi::HandleScope scope(tensors.Env());
    const Napi::Object tensor = tensors.Get(i).As<Napi::Object>();
    TensorView view;
    view.name = tensor.Get("name").As<Napi::String>().Utf8Value();
    const Napi::Array shape = tensor.Get("shape").As<Napi::Array>();
    for (std::uint32_t axis = 0; axis < shape.Length(); ++axis) {
      view.shape.push_back(shape.Get(axis).As<Napi::Number>().Int64Value());
    }
    const std::span<const float> data = borrow_floats(tensor.Get("data"));
    if (element_count(view.shape) != static_cast<std::int64_t>(data.size())) {
      throw Error(ErrorCode::shape, view.name + ": the data do not fit the shape " + to_string(view.shape));
    }
    view.data = data.data();
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace rondo::bindings
