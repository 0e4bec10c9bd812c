#include "services/bus/redis/intake.hpp"

#include <utility>

namespace crier::services::bus::redis {

bool Intake::add(Message message) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  if (!message.refused) {
    const std::size_t before = bytes();
    message.command_bytes = message.command.size();
    if (before != 0 && before + message.command_bytes > max_bytes_) {
      message.refused = Outcome::kBacklogFull;
      message.command = std::string();
      message.command_bytes = 0;
    } else {
      bytes_.fetch_add(message.command_bytes, std::memory_order_relaxed);
    }
  }
  messages_.push_back(std::move(message));
  return messages_.size() == 1;
}

std::vector<Message> Intake::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(messages_, {});
}

std::vector<Message> Intake::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  return std::exchange(messages_, {});
}

}  // namespace crier::services::bus::redis
