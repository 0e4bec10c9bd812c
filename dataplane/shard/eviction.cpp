#include "dataplane/shard/eviction.hpp"

#include <algorithm>

namespace crier::dataplane {

void Eviction::begin() {
  again_ = kNever;
  if (shard_.queue_memory.level() == PressureLevel::kCalm) {
    rest();
    return;
  }
  shard_.blocks.trim();
  worst_.clear();
  next_slot_ = 0;
  phase_ = Phase::kScanning;
}

void Eviction::expire(Time now) {
  if (again_ <= now) begin();
}

void Eviction::step() {
  if (phase_ == Phase::kScanning) {
    scan();
  } else {
    close_worst();
  }
}

void Eviction::scan() {
  const std::uint32_t stop = std::min(table_.slots(), next_slot_ + kScanSlots);
  for (; next_slot_ < stop; ++next_slot_) {
    Connection* connection = table_.at(next_slot_);
    if (connection == nullptr || !connection->active()) continue;
    connection->on_queue_memory();
    consider(*connection);
  }
  if (next_slot_ < table_.slots()) return;
  std::sort(worst_.begin(), worst_.end(), worse);
  closed_any_ = false;
  phase_ = Phase::kClosing;
}

void Eviction::consider(const Connection& connection) {
  const auto backlog = connection.backlog();
  if (!backlog || backlog->oldest_age < kBehind.count()) return;
  const Candidate candidate{
      *backlog, shard_.stamp() - backlog->oldest_age, {connection.id().slot, connection.serial()}};
  if (worst_.size() == kWorstMax) {
    if (!worse(candidate, worst_.front())) return;
    std::pop_heap(worst_.begin(), worst_.end(), worse);
    worst_.pop_back();
  }
  worst_.push_back(candidate);
  std::push_heap(worst_.begin(), worst_.end(), worse);
}

// Whoever has caught up since the scan stays.
void Eviction::close_worst() {
  std::size_t closed = 0;
  auto next = worst_.begin();
  for (; next != worst_.end() && evicting() && closed < kClosesMax; ++next) {
    Connection* connection = table_.find(next->handle.slot, next->handle.serial);
    if (connection == nullptr) continue;
    const auto backlog = connection->backlog();
    if (!backlog || shard_.stamp() - backlog->oldest_age != next->oldest) continue;
    connection->close(CloseReason::kMemory);
    ++closed;
  }
  closed_any_ = closed_any_ || closed > 0;
  worst_.erase(worst_.begin(), next);
  if (!worst_.empty() && evicting()) return;
  if (!evicting()) {
    rest();
  } else if (closed_any_) {
    begin();
  } else {
    rest();
    again_ = shard_.now + kAgain;
  }
}

// Holds no memory while there is nothing to do.
void Eviction::rest() {
  phase_ = Phase::kIdle;
  std::vector<Candidate>().swap(worst_);
}

}  // namespace crier::dataplane
