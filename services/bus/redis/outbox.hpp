#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "services/bus/redis/message.hpp"
#include "services/bus/redis/reply.hpp"

namespace crier::services::bus::redis {

// Messages in the order of publishing: first those that were handed over and wait for Redis's
// answer, which comes in the same order, then those that wait to be handed over. Decides what each
// publisher is told, and when. Pure, for one thread.
//
//     handed over, unanswered | to be handed over
//     [0 ............ handed_) [handed_ ........ size)
class Outbox {
 public:
  using Clock = std::chrono::steady_clock;

  struct Events {
    // Once for each message with a publisher, probes excepted.
    std::function<void(Message&, Outcome)> tell;
    // So many bytes of commands no longer wait for Redis's answer.
    std::function<void(std::size_t)> release;
  };
  enum class Answer : std::uint8_t {
    kTaken,     // confirmed, or refused by Redis
    kMoved,     // this Redis takes no more messages; end the session
    kNonsense,  // nothing is waiting for it, or it is not what answers such a command
  };

  explicit Outbox(Events events) : events_(std::move(events)) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Queues a message. Where the oldest is overdue at `now`, Redis is not answering, and the
  // publisher is told so at once instead of waiting as well.
  void add(Message message, Clock::time_point now);

  // Appends commands to `chunk` up to about `bytes`; they count as handed over from now on.
  void hand_over(std::string& chunk, std::size_t bytes);
  // Redis answered the oldest command that was handed over. `error` gets what it refused, if any.
  [[nodiscard]] Answer take_answer(const Reply& reply, std::string& error);
  // The session ended: what must not be sent twice goes, told kUnconfirmed where any of it may have
  // left and kDown where none did; kAppend stays for the next session, told kUnconfirmed.
  void on_lost();
  // No session any more: as on_lost(), and nothing stays.
  void clear();

  // Tells the publishers whose time has come.
  void expire(Clock::time_point now);
  // When expire() has something to do.
  [[nodiscard]] std::optional<Clock::time_point> next_deadline();

  [[nodiscard]] bool empty() const { return messages_.empty(); }
  [[nodiscard]] bool has_waiting() const { return handed_ < messages_.size(); }
  // Whether the next answer is to a command of this kind.
  [[nodiscard]] bool oldest_is(Message::Kind kind) const {
    return handed_ > 0 && messages_.front().kind == kind;
  }

 private:
  void tell(Message& message, Outcome outcome);
  void pop_front();
  void release(const Message& message);

  Events events_;
  std::deque<Message> messages_;
  std::size_t handed_ = 0;
  std::size_t told_ = 0;  // all before this one have been told
};

}  // namespace crier::services::bus::redis
