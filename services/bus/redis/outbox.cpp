#include "services/bus/redis/outbox.hpp"

#include <utility>

namespace crier::services::bus::redis {
namespace {

bool is_stream(Message::Kind kind) {
  return kind == Message::Kind::kAppend || kind == Message::Kind::kStreamProbe;
}

bool is_probe(Message::Kind kind) {
  return kind == Message::Kind::kProbe || kind == Message::Kind::kStreamProbe;
}

// The master is another one by now, or not yet one.
bool has_moved(const Reply& reply) {
  return reply.is_error("READONLY") || reply.is_error("LOADING") || reply.is_error("MASTERDOWN");
}

}  // namespace

void Outbox::add(Message message, Clock::time_point now) {
  const bool overdue = !messages_.empty() && messages_.front().deadline <= now;
  messages_.push_back(std::move(message));
  if (overdue) tell(messages_.back(), Outcome::kUnconfirmed);
}

void Outbox::hand_over(std::string& chunk, std::size_t bytes) {
  while (handed_ < messages_.size() && chunk.size() < bytes) {
    Message& message = messages_[handed_++];
    chunk += message.command;
    if (message.kind != Message::Kind::kAppend) message.command = std::string();
  }
}

Outbox::Answer Outbox::take_answer(const Reply& reply, std::string& error) {
  if (handed_ == 0) return Answer::kNonsense;
  Message& message = messages_.front();
  if (reply.is(Reply::Kind::kError)) {
    error = reply.text;
    const bool moved = has_moved(reply);
    // It is sent again to whoever is the master next.
    if (moved && message.kind == Message::Kind::kAppend) return Answer::kMoved;
    tell(message, Outcome::kDown);
    pop_front();
    return moved ? Answer::kMoved : Answer::kTaken;
  }
  const auto expected = is_stream(message.kind) ? Reply::Kind::kString : Reply::Kind::kInteger;
  if (!reply.is(expected)) return Answer::kNonsense;
  tell(message, Outcome::kConfirmed);
  pop_front();
  return Answer::kTaken;
}

void Outbox::on_lost() {
  std::deque<Message> kept;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    Message& message = messages_[i];
    if (message.kind == Message::Kind::kAppend) {
      tell(message, Outcome::kUnconfirmed);
      kept.push_back(std::move(message));
    } else {
      tell(message, i < handed_ ? Outcome::kUnconfirmed : Outcome::kDown);
      release(message);
    }
  }
  messages_ = std::move(kept);
  handed_ = 0;
  told_ = messages_.size();
}

void Outbox::clear() {
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    tell(messages_[i], i < handed_ ? Outcome::kUnconfirmed : Outcome::kDown);
    release(messages_[i]);
  }
  messages_.clear();
  handed_ = told_ = 0;
}

void Outbox::expire(Clock::time_point now) {
  for (; told_ < messages_.size(); ++told_) {
    Message& message = messages_[told_];
    if (message.told || is_probe(message.kind)) continue;
    if (message.deadline > now) return;
    tell(message, Outcome::kUnconfirmed);
  }
}

std::optional<Outbox::Clock::time_point> Outbox::next_deadline() {
  while (told_ < messages_.size() && (messages_[told_].told || is_probe(messages_[told_].kind))) {
    ++told_;
  }
  if (told_ == messages_.size()) return std::nullopt;
  return messages_[told_].deadline;
}

void Outbox::tell(Message& message, Outcome outcome) {
  if (std::exchange(message.told, true) || is_probe(message.kind)) return;
  events_.tell(message, outcome);
}

void Outbox::pop_front() {
  release(messages_.front());
  messages_.pop_front();
  --handed_;
  if (told_ > 0) --told_;
}

void Outbox::release(const Message& message) {
  if (message.command_bytes > 0) events_.release(message.command_bytes);
}

}  // namespace crier::services::bus::redis
