#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <unordered_set>

#include "services/control/broadcast_stream.hpp"

namespace crier::services::control {

// The calls a server has not finished yet, so that it can end: refuse new ones, tell streams,
// know when the last one has gone. Any thread.
class OpenCalls final {
 public:
  OpenCalls() = default;
  OpenCalls(const OpenCalls&) = delete;
  OpenCalls& operator=(const OpenCalls&) = delete;

  // For unary calls. False: the server is ending; refuse the call, and leave() all the same.
  [[nodiscard]] bool enter();
  void leave();

  // For streams, which must stay alive until leave() has returned. One that enters an ending
  // server is ended at once.
  void enter(BroadcastStream& stream);
  void leave(BroadcastStream& stream);

  // From now on the server is ending.
  void end();
  // Returns whether every call had gone by then.
  bool wait(std::chrono::milliseconds timeout);

 private:
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool ending_ = false;
  std::size_t calls_ = 0;
  std::unordered_set<BroadcastStream*> streams_;
};

}  // namespace crier::services::control
