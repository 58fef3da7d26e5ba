#pragma once

// Host values in and out of a backend's memory, by name.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rondo/backend.h"

namespace rondo::test {

using Values = std::map<std::string, std::vector<double>>;

class DeviceTensors {
 public:
  explicit DeviceTensors(Backend& backend) : backend_(backend) {}
  ~DeviceTensors();
  DeviceTensors(const DeviceTensors&) = delete;
  DeviceTensors& operator=(const DeviceTensors&) = delete;

  float* floats(const std::string& name, const std::vector<double>& values);  ///< uploads
  float* zeros(const std::string& name, std::int64_t count);
  double* double_zeros(const std::string& name, std::int64_t count);
  std::vector<double> read(const std::string& name) const;
  void zero(const std::string& name);

  template <class T>
  T* plain(const std::vector<T>& values) {  ///< null when empty
    if (values.empty()) return nullptr;
    void* memory = backend_.allocate(values.size() * sizeof(T));
    extra_.push_back(memory);
    backend_.upload(memory, values.data(), values.size() * sizeof(T));
    return static_cast<T*>(memory);
  }

 private:
  struct Entry {
    void* memory;
    std::size_t count, width;
  };
  void* add(const std::string& name, std::size_t count, std::size_t width);

  Backend& backend_;
  std::map<std::string, Entry> entries_;
  std::vector<void*> extra_;
};

}  // namespace rondo::test
