#include "services/control/open_calls.hpp"

namespace crier::services::control {

bool OpenCalls::enter() {
  const std::lock_guard lock(mutex_);
  ++calls_;
  return !ending_;
}

void OpenCalls::leave() {
  const std::lock_guard lock(mutex_);
  --calls_;
  changed_.notify_all();
}

void OpenCalls::enter(BroadcastStream& stream) {
  const std::lock_guard lock(mutex_);
  ++calls_;
  streams_.insert(&stream);
  if (ending_) stream.end(shutting_down());
}

void OpenCalls::leave(BroadcastStream& stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(&stream);
  --calls_;
  changed_.notify_all();
}

// A stream cannot go away meanwhile: leave() waits for the lock.
void OpenCalls::end() {
  const std::lock_guard lock(mutex_);
  if (ending_) return;
  ending_ = true;
  for (BroadcastStream* stream : streams_) stream->end(shutting_down());
}

bool OpenCalls::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [this] { return calls_ == 0; });
}

}  // namespace crier::services::control
