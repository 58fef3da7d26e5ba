#pragma once

// One exception type for everything the engine refuses to do.

#include <stdexcept>
#include <string>

namespace rondo {

enum class ErrorCode {
  disposed,     ///< the network (or the network of the stream) has been disposed
  busy,         ///< another call on the same network is still running
  shape,        ///< sizes, ids or targets that do not fit the spec
  spec,         ///< a network or optimizer spec that cannot be built
  device,       ///< the device asked for is not there, or failed
  memory,       ///< an allocation failed
  unsupported,  ///< a valid request that this network cannot serve (a stream of a bidirectional one)
  internal      ///< a broken promise inside the engine
};

/// The code's public name: "RONDO_ENGINE_DISPOSED", "RONDO_ENGINE_SHAPE", … Static storage.
const char* code_name(ErrorCode code) noexcept;

/// what() is one line: what was expected, what came, what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ~Error() override;
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace rondo
