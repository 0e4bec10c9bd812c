#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier::services::bus::redis {

// Proves one path through Redis: something that only this node can know is sent into it and has to
// come out again. One probe is on its way at a time. Pure; the caller has the clock and the timer.
class Probe {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Step : std::uint8_t { kWait, kSend, kLost };

  // `first` tells when the first one is due.
  Probe(Clock::duration interval, Clock::duration timeout, Clock::time_point first)
      : interval_(interval), timeout_(timeout), due_(first) {}

  // kSend: send a probe with nonce() now. kLost: none came back in time.
  [[nodiscard]] Step step(Clock::time_point now);
  // When step() has something to say next; nothing while paused.
  [[nodiscard]] std::optional<Clock::time_point> next_step() const;

  // Something with this nonce came back. How long it took, where it is the one on its way; nothing
  // where somebody made it up or it is too late.
  [[nodiscard]] std::optional<Clock::duration> come_back(std::string_view nonce,
                                                         Clock::time_point now);
  // The path is moving but is not through yet: the time to come back starts anew.
  void extend(Clock::time_point now);
  // Whatever is on its way cannot come out meanwhile, so this time does not count.
  void pause(Clock::time_point now);
  void resume(Clock::time_point now);

  [[nodiscard]] const std::string& nonce() const { return nonce_; }
  [[nodiscard]] bool on_its_way() const { return on_its_way_; }
  [[nodiscard]] bool proven() const { return proven_; }  // at least once

 private:
  const Clock::duration interval_;
  const Clock::duration timeout_;
  Clock::time_point due_;  // of the next probe, or of the loss of the one on its way
  Clock::time_point sent_;
  std::optional<Clock::time_point> paused_;
  std::string nonce_;
  bool on_its_way_ = false;
  bool proven_ = false;
};

// A probe as a message: nothing that anybody else sends begins like it.
[[nodiscard]] std::string probe_message(std::string_view nonce);
// The nonce of such a message; nothing where it is none.
[[nodiscard]] std::optional<std::string_view> parse_probe_message(std::string_view bytes);

}  // namespace crier::services::bus::redis
