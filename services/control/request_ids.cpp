#include "services/control/request_ids.hpp"

#include <algorithm>
#include <utility>

namespace crier::services::control {
namespace {

constexpr std::size_t kIdCharsMax = 128;
// What an entry or a waiter costs beside its texts: nodes, pointers, the allocator's share.
constexpr std::size_t kEntryBytes = 256;
constexpr std::size_t kWaiterBytes = 64;

}  // namespace

Status check_request_id(std::string_view id) {
  const bool printable =
      std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (id.size() <= kIdCharsMax && printable) return {};
  return invalid_field("request_id", "INVALID_REQUEST_ID",
                       "must be 1 to 128 printable ASCII characters without spaces");
}

RequestIds::RequestIds(Options options) : options_(std::move(options)) {}

std::string RequestIds::text(Key key) {
  std::string text(1, static_cast<char>('a' + static_cast<int>(key.space)));
  return text.append(key.id);
}

RequestIds::Begin RequestIds::begin(Key key, std::uint64_t fingerprint,
                                    std::size_t answer_bytes_max, Waiter waiter) {
  std::string name = text(key);
  std::unique_lock lock(mutex_);
  forget_expired(options_.now());
  if (const auto found = entries_.find(name); found != entries_.end()) {
    Entry& entry = found->second;
    if (entry.fingerprint != fingerprint) return Begin::kReused;
    if (entry.answered) {
      const std::string answer = entry.answer;
      lock.unlock();
      waiter(Status{}, answer);
      return Begin::kJoined;
    }
    if (!make_room(kWaiterBytes)) return Begin::kFull;
    bytes_ += kWaiterBytes;
    entry.bytes += kWaiterBytes;
    entry.waiters.push_back(std::move(waiter));
    return Begin::kJoined;
  }
  const std::size_t bytes = kEntryBytes + 2 * name.size() + answer_bytes_max;
  if (!make_room(bytes)) return Begin::kFull;
  bytes_ += bytes;
  Entry entry;
  entry.fingerprint = fingerprint;
  entry.bytes = bytes;
  entries_.emplace(std::move(name), std::move(entry));
  return Begin::kNew;
}

void RequestIds::complete(Key key, const std::string& answer) {
  const std::string name = text(key);
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    Entry& entry = found->second;
    waiters = std::move(entry.waiters);
    entry.waiters = {};
    bytes_ -= entry.bytes;
    entry.bytes = kEntryBytes + 2 * name.size() + answer.size();
    bytes_ += entry.bytes;
    answered_bytes_ += entry.bytes;
    entry.answer = answer;
    entry.answered = true;
    entry.forget_at = options_.now() + options_.keep;
    answered_.push_back(&*found);
    while (bytes_ > options_.bytes_max && !answered_.empty()) forget_oldest();
  }
  for (const Waiter& waiter : waiters) waiter(Status{}, answer);
}

void RequestIds::abandon(Key key, const Status& status) {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(text(key));
    waiters = std::move(found->second.waiters);
    bytes_ -= found->second.bytes;
    entries_.erase(found);
  }
  for (const Waiter& waiter : waiters) waiter(status, {});
}

std::size_t RequestIds::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void RequestIds::forget_oldest() {
  const Entries::value_type* oldest = answered_.front();
  answered_.pop_front();
  bytes_ -= oldest->second.bytes;
  answered_bytes_ -= oldest->second.bytes;
  entries_.erase(entries_.find(oldest->first));
}

void RequestIds::forget_expired(Clock::time_point now) {
  while (!answered_.empty() && answered_.front()->second.forget_at <= now) forget_oldest();
}

// Forgets nothing where that would not help.
bool RequestIds::make_room(std::size_t bytes) {
  if (bytes_ - answered_bytes_ + bytes > options_.bytes_max) return false;
  while (bytes_ + bytes > options_.bytes_max) forget_oldest();
  return true;
}

Status to_status(RequestIds::Begin begun) {
  switch (begun) {
    case RequestIds::Begin::kNew:
    case RequestIds::Begin::kJoined:
      break;
    case RequestIds::Begin::kReused:
      return request_id_reused();
    case RequestIds::Begin::kFull:
      return request_ids_full();
  }
  return {};
}

}  // namespace crier::services::control
