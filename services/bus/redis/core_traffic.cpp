#include <algorithm>
#include <asio/post.hpp>
#include <system_error>
#include <utility>

#include "services/bus/redis/command.hpp"
#include "services/bus/redis/core.hpp"
#include "services/bus/redis/printable.hpp"

namespace crier::services::bus::redis {

std::string Core::append_command(std::uint64_t to, std::string_view field,
                                 std::string_view bytes) const {
  return command({"XADD", names_.stream, "MAXLEN", "~", std::to_string(options_.stream_max_entries),
                  "*", "t", std::to_string(to), field, bytes});
}

bool Core::accept(Lane lane, std::uint64_t to, std::string_view bytes, Bus::Done done) {
  Message message;
  message.payload_bytes = bytes.size();
  message.deadline = Clock::now() + std::chrono::milliseconds(kConfirmWaitMilliseconds);
  message.done = std::move(done);
  if (bytes.size() > options_.max_message_bytes) {
    message.refused = Outcome::kBacklogFull;
  } else if (lane == Lane::kOrdered && options_.mode == Mode::kStream) {
    message.kind = Message::Kind::kAppend;
    message.command = append_command(to, "m", bytes);
  } else {
    message.command = command({"PUBLISH", names_.channel(to), bytes});
  }
  return intake_.add(std::move(message));
}

Stats Core::stats() const {
  Stats stats = meter_.stats();
  stats.up = up();
  stats.backlog_bytes = intake_.bytes();
  stats.backlog_bytes_max = options_.max_backlog_bytes;
  return stats;
}

void Core::tell(Message& message, Outcome outcome) {
  meter_.published(outcome, message.payload_bytes);
  // What it holds is not needed as long as a message that is kept.
  const Bus::Done done = std::exchange(message.done, nullptr);
  if (done) done(outcome);
}

void Core::drain() {
  if (over_) return;
  const auto now = Clock::now();
  for (Message& message : intake_.take()) {
    const bool kept = message.kind == Message::Kind::kAppend;
    if (message.refused) {
      tell(message, *message.refused);
    } else if (!kept && !up()) {
      intake_.release(message.command_bytes);
      tell(message, Outcome::kDown);
    } else {
      if (!session_) {
        message.told = true;
        tell(message, Outcome::kUnconfirmed);
      }
      outbox_.add(std::move(message), now);
    }
  }
  pump();
  await_deadline();
}

void Core::pump() {
  if (!session_ || session_->writing()) return;
  outbox_.hand_over(session_->chunk(), kWriteBytes);
  if (!session_->chunk().empty()) session_->write();
}

void Core::await_deadline() {
  if (awaiting_deadline_) return;
  const auto deadline = outbox_.next_deadline();
  if (!deadline) return;
  awaiting_deadline_ = true;
  deadline_timer_.expires_at(*deadline);
  deadline_timer_.async_wait([this, self = shared_from_this()](std::error_code ec) {
    awaiting_deadline_ = false;
    if (ec || over_) return;
    outbox_.expire(Clock::now());
    await_deadline();
  });
}

void Core::on_answer(const Reply& reply) {
  if (outbox_.oldest_is(Message::Kind::kStreamProbe)) {
    stream_probe_id_ = parse_stream_id(reply.text);
  }
  std::string refused;
  const Outbox::Answer answer = outbox_.take_answer(reply, refused);
  if (!refused.empty() && !std::exchange(refusal_logged_, true)) {
    log("Redis refuses a message: " + printable(refused));
  }
  if (answer == Outbox::Answer::kNonsense) {
    return lose(Loss::kProtocol, "an answer to nothing that was asked");
  }
  if (answer == Outbox::Answer::kMoved) return lose(Loss::kClosed, printable(refused));
  if (ended_ && outbox_.empty()) end();
}

void Core::on_pushed(std::string_view channel, std::string_view bytes) {
  if (channel == names_.own) {
    if (const auto nonce = parse_probe_message(bytes)) {
      const auto time = probe_->come_back(*nonce, Clock::now());
      if (!time) return;
      meter_.echo(*time);
      come_up();
      return await_probes();
    }
  } else if (channel != names_.all) {
    return;
  }
  give(Lane::kDirect, bytes);
}

void Core::on_entry(const StreamEntry& entry) {
  if (stream_probe_->on_its_way()) {
    const auto now = Clock::now();
    const bool before = !stream_probe_id_ || entry.id < *stream_probe_id_;
    if (before) stream_probe_->extend(now);
    if (entry.probe && stream_probe_->come_back(*entry.probe, now)) {
      come_up();
      await_probes();
    }
  }
  const bool ours = entry.to == kEveryone || entry.to == options_.node;
  if (ours && entry.message) give(Lane::kOrdered, *entry.message);
}

void Core::give(Lane lane, std::string_view bytes) {
  meter_.received(bytes.size());
  if (receiver_->on_message(lane, bytes) || !session_) return;
  paused_ = true;
  meter_.paused();
  session_->pause();
  const auto now = Clock::now();
  probe_->pause(now);
  if (stream_probe_) stream_probe_->pause(now);
}

void Core::resume() {
  if (!std::exchange(paused_, false) || !session_) return;
  const auto now = Clock::now();
  probe_->resume(now);
  if (stream_probe_) stream_probe_->resume(now);
  // Not from within whatever called.
  asio::post(io_, [self = shared_from_this(), session = session_] {
    if (self->session_ != session || self->paused_) return;
    session->resume();
    if (self->session_ == session) self->step_probes();
  });
}

void Core::step_probes() {
  const auto now = Clock::now();
  switch (probe_->step(now)) {
    case Probe::Step::kLost:
      return lose(Loss::kNoEcho, "what this node publishes does not come back");
    case Probe::Step::kSend:
      send_probe(Message::Kind::kProbe,
                 command({"PUBLISH", names_.own, probe_message(probe_->nonce())}));
      break;
    default:
      break;
  }
  if (stream_probe_) {
    switch (stream_probe_->step(now)) {
      case Probe::Step::kLost:
        return lose(Loss::kNoEcho, "what this node adds to the stream does not come back");
      case Probe::Step::kSend:
        stream_probe_id_.reset();
        send_probe(Message::Kind::kStreamProbe,
                   append_command(options_.node, "p", stream_probe_->nonce()));
        break;
      default:
        break;
    }
  }
  pump();
  await_probes();
}

void Core::send_probe(Message::Kind kind, std::string command) {
  const auto now = Clock::now();
  Message message;
  message.kind = kind;
  message.command = std::move(command);
  message.deadline = now + std::chrono::milliseconds(kConfirmWaitMilliseconds);
  outbox_.add(std::move(message), now);
}

void Core::await_probes() {
  auto next = probe_->next_step();
  if (next && stream_probe_) next = std::min(*next, *stream_probe_->next_step());
  if (!next) return;
  probe_timer_.expires_at(*next);
  probe_timer_.async_wait(
      [this, self = shared_from_this(), session = session_](std::error_code ec) {
        if (!ec && session && session_ == session) step_probes();
      });
}

}  // namespace crier::services::bus::redis
