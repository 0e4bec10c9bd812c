#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "dataplane/config.hpp"
#include "dataplane/limits/token_bucket.hpp"

namespace crier::dataplane {

// How fast one client sends, against what its listener allows, and since when it has been held back
// for it. Bytes are asked for before they are read, messages before they are processed. Pure.
class InboundRate {
 public:
  using Time = TokenBucket::Time;

  [[nodiscard]] static bool bounds(const InboundConfig& config) {
    return config.messages_per_second > 0 || config.bytes_per_second > 0;
  }
  // REQUIRES: bounds(config).
  explicit InboundRate(const InboundConfig& config) : close_after_(config.close_after) {
    if (config.messages_per_second > 0) messages_.emplace(config.messages_per_second);
    if (config.bytes_per_second > 0) bytes_.emplace(config.bytes_per_second);
  }

  // How many of `wanted` bytes may be read.
  [[nodiscard]] std::size_t bytes_allowed(std::size_t wanted, Time now) const {
    return bytes_ ? std::min<std::uint64_t>(wanted, bytes_->available(now)) : wanted;
  }
  void take_bytes(std::size_t bytes, Time now) {
    if (bytes_) bytes_->take(bytes, now);
  }
  [[nodiscard]] bool message_allowed(Time now) const {
    return !messages_ || messages_->available(now) > 0;
  }
  void take_message(Time now) {
    if (messages_) messages_->take(1, now);
  }

  // The client waits until both are allowed again.
  void hold_back(Time now) { held_since_ = std::min(held_since_, now); }
  // When that may be; in the past where it is so already.
  [[nodiscard]] Time ready_at() const {
    Time ready = Time::min();
    if (messages_) ready = std::max(ready, messages_->ready_at());
    if (bytes_) ready = std::max(ready, bytes_->ready_at());
    return ready;
  }
  // All that it has sent was read, so it is not too fast.
  void caught_up() { held_since_ = Time::max(); }
  // When it will have been too fast for too long.
  [[nodiscard]] Time closes_at() const {
    const bool never = close_after_.count() == 0 || held_since_ == Time::max();
    return never ? Time::max() : held_since_ + close_after_;
  }

 private:
  std::optional<TokenBucket> messages_;
  std::optional<TokenBucket> bytes_;
  std::chrono::milliseconds close_after_;
  Time held_since_ = Time::max();
};

}  // namespace crier::dataplane
