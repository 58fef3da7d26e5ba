#pragma once

// A variable of the environment for the lifetime of an object, on every system.

#include <cstdlib>
#include <string>
#include <utility>

namespace rondo::test {

class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value) : name_(std::move(name)) {
#if defined(_WIN32)
    _putenv_s(name_.c_str(), value.c_str());
#else
    setenv(name_.c_str(), value.c_str(), 1);
#endif
  }
  ~EnvironmentVariable() {
#if defined(_WIN32)
    _putenv_s(name_.c_str(), "");  // which removes it there
#else
    unsetenv(name_.c_str());
#endif
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  std::string name_;
};

}  // namespace rondo::test
