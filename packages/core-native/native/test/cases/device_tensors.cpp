#include "cases/device_tensors.h"

namespace rondo::test {

DeviceTensors::~DeviceTensors() {
  for (const auto& [name, entry] : entries_) backend_.release(entry.memory);
  for (void* memory : extra_) backend_.release(memory);
}

void* DeviceTensors::add(const std::string& name, std::size_t count, std::size_t width) {
  void* memory = backend_.allocate(count * width);
  backend_.zero(memory, count * width);
  entries_[name] = {memory, count, width};
  return memory;
}

float* DeviceTensors::floats(const std::string& name, const std::vector<double>& values) {
  const std::vector<float> narrow(values.begin(), values.end());
  float* memory = static_cast<float*>(add(name, narrow.size(), sizeof(float)));
  backend_.upload(memory, narrow.data(), narrow.size() * sizeof(float));
  return memory;
}

float* DeviceTensors::zeros(const std::string& name, std::int64_t count) {
  return static_cast<float*>(add(name, static_cast<std::size_t>(count), sizeof(float)));
}

double* DeviceTensors::double_zeros(const std::string& name, std::int64_t count) {
  return static_cast<double*>(add(name, static_cast<std::size_t>(count), sizeof(double)));
}

void DeviceTensors::zero(const std::string& name) {
  const Entry& entry = entries_.at(name);
  backend_.zero(entry.memory, entry.count * entry.width);
}

std::vector<double> DeviceTensors::read(const std::string& name) const {
  const Entry& entry = entries_.at(name);
  if (entry.width == sizeof(double)) {
    std::vector<double> values(entry.count);
    backend_.download(values.data(), entry.memory, entry.count * entry.width);
    return values;
  }
  std::vector<float> values(entry.count);
  backend_.download(values.data(), entry.memory, entry.count * entry.width);
  return {values.begin(), values.end()};
}

}  // namespace rondo::test
