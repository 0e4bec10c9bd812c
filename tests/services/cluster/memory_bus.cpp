#include "tests/services/cluster/memory_bus.hpp"

#include <asio/post.hpp>
#include <future>
#include <utility>

namespace crier::services::cluster {

using bus::Lane;
using bus::Outcome;

void Hub::lose_to(std::uint64_t node, bool lose) {
  const std::lock_guard lock(mutex_);
  losing_[node] = lose;
}

void Hub::hold_ordered(bool hold) {
  std::vector<std::pair<std::uint64_t, std::string>> held;
  {
    const std::lock_guard lock(mutex_);
    holding_ = hold;
    held.swap(held_);
  }
  for (const auto& [to, bytes] : held) carry(Lane::kOrdered, to, bytes);
}

void Hub::inject(const std::string& bytes, Lane lane) {
  carry(lane, bus::kEveryone, bytes);
}

int Hub::named_to(std::uint64_t node) const {
  const std::lock_guard lock(mutex_);
  const auto found = named_.find(node);
  return found == named_.end() ? 0 : found->second;
}

void Hub::attach(std::uint64_t node, MemoryBus& bus) {
  const std::lock_guard lock(mutex_);
  buses_[node] = &bus;
}

void Hub::detach(std::uint64_t node) {
  const std::lock_guard lock(mutex_);
  buses_.erase(node);
}

void Hub::carry(Lane lane, std::uint64_t to, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  if (lane == Lane::kOrdered) {
    if (holding_) {
      held_.emplace_back(to, bytes);
      return;
    }
    ++named_[to];
  }
  for (const auto& [node, bus] : buses_) {
    if ((to == bus::kEveryone || to == node) && !losing_[node] && bus->up()) {
      bus->bring({lane, bytes});
    }
  }
}

MemoryBus::MemoryBus(asio::io_context& loop, Hub& hub, std::uint64_t node, bool one_path)
    : loop_(loop), hub_(hub), node_(node), one_path_(one_path) {}

void MemoryBus::set_up(bool up) {
  std::promise<void> told;
  asio::post(loop_, [this, up, &told] {
    tell(up);
    told.set_value();
  });
  told.get_future().wait();
}

void MemoryBus::tell(bool up) {
  up_ = false;
  open_ = up;
  if (receiver_ != nullptr) receiver_->on_state(up);
  up_ = up;
}

void MemoryBus::start(bus::Receiver& receiver) {
  hub_.attach(node_, *this);
  asio::post(loop_, [this, &receiver] {
    receiver_ = &receiver;
    tell(true);
  });
}

void MemoryBus::stop() {
  hub_.detach(node_);
  std::promise<void> stopped;
  asio::post(loop_, [this, &stopped] {
    up_ = false;
    open_ = false;
    receiver_ = nullptr;
    waiting_.clear();
    stopped.set_value();
  });
  stopped.get_future().wait();
}

void MemoryBus::publish(Lane lane, std::uint64_t to, std::string bytes, Done done) {
  const Outcome broadcast = lane == Lane::kOrdered ? outcome_.load() : Outcome::kConfirmed;
  const Outcome outcome = open_ ? broadcast : Outcome::kDown;
  if (bus::handed_over(outcome)) hub_.carry(lane, to, bytes);
  if (done) asio::post(loop_, [done = std::move(done), outcome] { done(outcome); });
}

void MemoryBus::resume() {
  paused_ = false;
  run();
}

bus::Stats MemoryBus::stats() const {
  bus::Stats stats;
  stats.up = up_;
  return stats;
}

void MemoryBus::bring(Message message) {
  asio::post(loop_, [this, message = std::move(message)]() mutable {
    waiting_.push_back(std::move(message));
    run();
  });
}

void MemoryBus::run() {
  while (!paused_ && receiver_ != nullptr && !waiting_.empty()) {
    const Message message = std::move(waiting_.front());
    waiting_.pop_front();
    if (!receiver_->on_message(message.lane, message.bytes)) paused_ = true;
  }
}

}  // namespace crier::services::cluster
