#pragma once

// A variable of the environment for the lifetime of an object, on every system.

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace rondo::test {

/// Takes the value given; what was there before comes back in the end, also where nothing was.
class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    put(value);
  }
  ~EnvironmentVariable() { put(before_); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  void put(const std::optional<std::string>& value) const {
#if defined(_WIN32)
    _putenv_s(name_.c_str(), value.value_or("").c_str());  // an empty one is removed there
#else
    value ? setenv(name_.c_str(), value->c_str(), 1) : unsetenv(name_.c_str());
#endif
  }

  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace rondo::test
