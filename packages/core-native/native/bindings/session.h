#pragma once

// A network as the JavaScript side sees it: who may call it now, when it is freed, what memory it stands for.
// Used on the thread of its environment only; workers touch nothing but the network inside.

#include <cstdint>
#include <memory>
#include <vector>

#include "napi_config.h"
#include "rondo/network.h"

namespace rondo::bindings {

class Session {
 public:
  explicit Session(std::unique_ptr<Network> network);

  /// The network. Throws Error(disposed) after dispose(), Error(busy) while a call runs on a worker.
  Network& ready();

  /// The same while a call runs, for what may be called then. Throws Error(disposed).
  Network& living();

  /// Marks the network busy until end(). Same errors as ready().
  void begin();
  void end(Napi::BasicEnv env);

  /// From now on ready() throws. Frees the network at once, or when the running call ends.
  void dispose(Napi::BasicEnv env);
  bool disposed() const { return disposed_; }

  /// Frees a stream, but not under a call that runs.
  void retire(std::shared_ptr<Stream> stream);

  /// Tells V8 how much native memory hangs on the network, and notes the step count. Nothing while a call runs.
  void refresh(Napi::BasicEnv env);
  /// Takes back what V8 was told.
  void forget(Napi::BasicEnv env) { tell(env, 0); }

  std::int64_t memory_bytes() const { return told_; }
  std::uint64_t step_count() const { return step_count_; }

 private:
  void release(Napi::BasicEnv env);
  void tell(Napi::BasicEnv env, std::int64_t bytes);

  std::unique_ptr<Network> network_;
  std::vector<std::shared_ptr<Stream>> retired_;
  bool busy_ = false;
  bool disposed_ = false;
  std::int64_t told_ = 0;         ///< bytes that V8 knows of
  std::uint64_t step_count_ = 0;  ///< as of the last call that ended
};

}  // namespace rondo::bindings
