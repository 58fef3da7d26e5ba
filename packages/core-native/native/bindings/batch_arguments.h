#pragma once

// Typed arrays from JavaScript: borrowed for a synchronous call, copied for one on a worker.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "napi_config.h"
#include "rondo/network.h"

namespace rondo::bindings {

/// The memory of a typed array, which must be of this kind; else Error(shape). Valid while no JavaScript runs.
std::span<const std::int32_t> borrow_ids(const Napi::Value& value);
std::span<const float> borrow_floats(const Napi::Value& value);
std::span<const std::uint8_t> borrow_bytes(const Napi::Value& value);

/// Arrays in the order of the spec's inputs, under their names, borrowed.
std::vector<NamedData> borrow_inputs(const Napi::Value& arrays, const NetworkSpec& spec);

/// Arrays in the order of the spec's inputs, under their names, copied.
class InputCopy {
 public:
  InputCopy(const Napi::Value& arrays, const NetworkSpec& spec);
  std::vector<NamedData> view() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::int32_t>> ids_;
  std::vector<std::vector<float>> values_;
};

/// A batch with copies of all its arrays: safe to use while JavaScript goes on. Not to be moved once built.
class BatchCopy {
 public:
  BatchCopy(const Napi::Object& batch, const NetworkSpec& spec);
  BatchCopy(const BatchCopy&) = delete;
  BatchCopy& operator=(const BatchCopy&) = delete;

  const Batch& view() const { return view_; }

 private:
  std::span<const std::int32_t> keep(std::span<const std::int32_t> ids);
  std::span<const float> keep(std::span<const float> values);

  std::vector<std::vector<std::int32_t>> ids_;
  std::vector<std::vector<float>> values_;
  std::vector<std::uint8_t> resets_;
  Batch view_;
};

}  // namespace rondo::bindings
