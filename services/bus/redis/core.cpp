#include "services/bus/redis/core.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <cassert>
#include <random>
#include <system_error>
#include <utility>

namespace crier::services::bus::redis {

Core::Core(asio::io_context& io, Options options, Log log)
    : io_(io),
      options_(std::move(options)),
      names_(options_.prefix, options_.node),
      log_(std::move(log)),
      intake_(options_.max_backlog_bytes),
      outbox_({.tell = [this](Message& message, Outcome outcome) { tell(message, outcome); },
               .release = [this](std::size_t bytes) { intake_.release(bytes); }}),
      backoff_(options_.backoff_min, options_.backoff_max, std::random_device()()),
      dial_timer_(io),
      probe_timer_(io),
      deadline_timer_(io),
      stop_timer_(io) {
  assert(!options_.endpoints.empty());
  assert(options_.node != kEveryone);
}

void Core::log(const std::string& sentence) {
  if (log_) log_(sentence);
}

void Core::start(Receiver& receiver) {
  receiver_ = &receiver;
  drain();
  dial();
}

void Core::dial() {
  const Endpoint& endpoint = options_.endpoints[next_endpoint_];
  next_endpoint_ = (next_endpoint_ + 1) % options_.endpoints.size();
  dial_ = std::make_shared<Dial>(io_, options_, endpoint, dials_);
  dial_timer_.expires_after(options_.connect_timeout);
  dial_timer_.async_wait([this, self = shared_from_this(), dial = dial_](std::error_code ec) {
    if (ec || dial_ != dial) return;
    lose(Loss::kConnect,
         "it took longer than " + std::to_string(options_.connect_timeout.count()) + " ms");
  });
  dial_->start([this](Dial::Result result) { on_dialled(std::move(result)); });
}

void Core::on_dialled(Dial::Result result) {
  if (!result.links) return lose(result.loss, result.problem);
  dial_timer_.cancel();
  dial_.reset();
  open(std::move(*result.links));
}

void Core::open(Links links) {
  if (!position_) {
    position_ = links.newest;
  } else if (links.newest < *position_) {
    // Waiting for ids behind ours could mean waiting for a clock.
    log("Redis " + links.address +
        " has nothing as new as what this node has read, so it is "
        "another one or lost its data: reading its stream from the beginning");
    position_ = StreamId();
  }
  const auto now = Clock::now();
  probe_.emplace(options_.probe_interval, options_.probe_timeout, now);
  if (options_.mode == Mode::kStream) {
    // As often as the other proof may fail, so that little of the stream is probes.
    stream_probe_.emplace(options_.probe_timeout, options_.probe_timeout, now);
  }
  if (paused_) {
    probe_->pause(now);
    if (stream_probe_) stream_probe_->pause(now);
  }
  Session::Events& events = *this;
  session_ = std::make_shared<Session>(std::move(links), names_, *position_, events);
  if (paused_) session_->pause();
  const auto session = session_;
  session->start();
  if (session_ == session) step_probes();
}

void Core::come_up() {
  if (up() || !probe_->proven() || (stream_probe_ && !stream_probe_->proven())) return;
  backoff_.reset();
  meter_.connected();
  log("connected to Redis " + session_->address());
  receiver_->on_state(true);
  up_ = true;
}

void Core::close_session() {
  dial_timer_.cancel();
  probe_timer_.cancel();
  if (dial_) std::exchange(dial_, nullptr)->cancel();
  if (session_) {
    position_ = session_->position();
    std::exchange(session_, nullptr)->close();
  }
  probe_.reset();
  stream_probe_.reset();
  stream_probe_id_.reset();
  refusal_logged_ = false;
}

void Core::lose(Loss loss, const std::string& why) {
  if (!dial_ && !session_) return;
  const std::string lost = session_ ? "lost Redis " + session_->address() + ": " + why
                                    : "cannot connect to Redis: " + why;
  close_session();
  meter_.lost(loss);
  const bool was_up = up_.exchange(false);
  outbox_.on_lost();
  if (was_up) receiver_->on_state(false);
  if (ended_) return end();
  wait_and_dial(lost);
}

void Core::wait_and_dial(const std::string& lost) {
  const std::chrono::milliseconds wait = backoff_.next();
  log(lost + "; trying again in " + std::to_string(wait.count()) + " ms");
  dial_timer_.expires_after(wait);
  dial_timer_.async_wait([this, self = shared_from_this()](std::error_code ec) {
    if (!ec && !over_ && !dial_ && !session_) dial();
  });
}

void Core::stop(std::function<void()> ended) {
  ended_ = std::move(ended);
  drain();
  if (!session_ || outbox_.empty()) return end();
  stop_timer_.expires_after(kStopWait);
  stop_timer_.async_wait([this, self = shared_from_this()](std::error_code ec) {
    if (!ec) end();
  });
}

void Core::end() {
  if (std::exchange(over_, true)) return;
  close_session();
  stop_timer_.cancel();
  deadline_timer_.cancel();
  const bool was_up = up_.exchange(false);
  outbox_.clear();
  forget();
  if (was_up) receiver_->on_state(false);
  // Whoever waits may then destroy the bus: nothing of this object is on the stack any more.
  asio::post(io_, [self = shared_from_this()] { std::exchange(self->ended_, nullptr)(); });
}

void Core::forget() {
  for (Message& message : intake_.close()) {
    intake_.release(message.command_bytes);
    tell(message, message.refused.value_or(Outcome::kDown));
  }
}

}  // namespace crier::services::bus::redis
