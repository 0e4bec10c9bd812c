#include "services/bus/redis/redis_bus.hpp"

#include <asio/post.hpp>
#include <future>
#include <utility>

#include "services/bus/redis/core.hpp"

namespace crier::services::bus::redis {

RedisBus::RedisBus(asio::io_context& io, Options options, Log log)
    : io_(io), core_(std::make_shared<Core>(io, std::move(options), std::move(log))) {}

RedisBus::~RedisBus() {
  stop();
}

void RedisBus::start(Receiver& receiver) {
  const std::lock_guard lock(stop_mutex_);
  if (stopped_ || started_.exchange(true)) return;
  asio::post(io_, [core = core_, &receiver] { core->start(receiver); });
}

void RedisBus::stop() {
  const std::lock_guard lock(stop_mutex_);
  if (std::exchange(stopped_, true)) return;
  if (!started_) return core_->forget();
  const auto ended = std::make_shared<std::promise<void>>();
  asio::post(io_, [core = core_, ended] { core->stop([ended] { ended->set_value(); }); });
  ended->get_future().wait();
}

void RedisBus::publish(Lane lane, std::uint64_t to, std::string bytes, Done done) {
  const bool wake = core_->accept(lane, to, bytes, std::move(done));
  // Before start() nobody has to be woken: start() looks for what is there.
  if (wake && started_) asio::post(io_, [core = core_] { core->drain(); });
}

void RedisBus::resume() {
  core_->resume();
}

bool RedisBus::up() const {
  return core_->up();
}

bool RedisBus::one_path() const {
  return core_->one_path();
}

Stats RedisBus::stats() const {
  return core_->stats();
}

}  // namespace crier::services::bus::redis
