#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "services/bus/redis/message.hpp"

namespace crier::services::bus::redis {

// Where the threads that publish leave their messages for the bus's thread, and where the bytes are
// counted that are not confirmed yet.
class Intake {
 public:
  explicit Intake(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  // Any thread. Whether the bus's thread has to be woken. A message that finds no room becomes a
  // refused one; it fits alone, however large it is. After close() it is forgotten.
  [[nodiscard]] bool add(Message message);
  // The bus's thread. What came since, in order.
  [[nodiscard]] std::vector<Message> take();
  // As take(), for the last time.
  [[nodiscard]] std::vector<Message> close();

  // The bus's thread: so many bytes are no longer kept.
  void release(std::size_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  // Any thread.
  [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  const std::size_t max_bytes_;
  // Added to under the mutex only, so that the bound holds.
  std::atomic<std::size_t> bytes_{0};

  std::mutex mutex_;
  std::vector<Message> messages_;
  bool closed_ = false;
};

}  // namespace crier::services::bus::redis
