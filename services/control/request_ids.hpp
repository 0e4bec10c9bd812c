#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/control/status.hpp"

namespace crier::services::control {

// Checks a request_id: empty, or 1 to 128 printable ASCII characters without spaces.
Status check_request_id(std::string_view id);

// Remembers which requests were answered OK, so that a retry gets the earlier answer instead of
// being carried out twice, and joins retries to a request that is still in flight.
//
// Bounded: an answer is kept for `keep`, and all entries together stay within `bytes_max`; the
// oldest answers are forgotten first, a request in flight never. Any thread. Waiters are called
// without a lock held, and must not block.
class RequestIds final {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::chrono::milliseconds keep = std::chrono::minutes(5);
    std::size_t bytes_max = 16U << 20U;
    std::function<Clock::time_point()> now = Clock::now;
  };

  // Ids of each are separate. The local ones remember what this node did for its own clients,
  // whichever node was called; the others whole answers of calls to this node.
  enum class Space : std::uint8_t { kBroadcast, kDisconnect, kLocalBroadcast, kLocalDisconnect };
  struct Key {
    Space space;
    std::string_view id;
  };

  // `answer` is the serialized response where the status is OK; valid during the call.
  using Waiter = std::function<void(const Status& status, std::string_view answer)>;

  enum class [[nodiscard]] Begin : std::uint8_t {
    kNew,     // the caller carries the request out and ends it with complete() or abandon()
    kJoined,  // `waiter` was called with the earlier answer, or will be when it is there
    kReused,  // the id was used with another fingerprint
    kFull,    // no room, even with every answer forgotten
  };

  explicit RequestIds(Options options);
  RequestIds(const RequestIds&) = delete;
  RequestIds& operator=(const RequestIds&) = delete;

  // `fingerprint` tells requests apart; `answer_bytes_max`, the most that the answer is expected to
  // have, is reserved. `waiter` is dropped unless kJoined is returned.
  Begin begin(Key key, std::uint64_t fingerprint, std::size_t answer_bytes_max, Waiter waiter);

  // REQUIRES, both: begin() returned kNew for `key`.
  void complete(Key key, const std::string& answer);
  // Forgets the request and gives those who joined it `status`, which is an error.
  void abandon(Key key, const Status& status);

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    std::uint64_t fingerprint = 0;
    std::size_t bytes = 0;  // counted in bytes_
    bool answered = false;
    Clock::time_point forget_at;
    std::string answer;
    std::vector<Waiter> waiters;
  };
  using Entries = std::unordered_map<std::string, Entry>;

  static std::string text(Key key);
  void forget_oldest();
  void forget_expired(Clock::time_point now);
  bool make_room(std::size_t bytes);

  const Options options_;
  mutable std::mutex mutex_;  // guards all below
  Entries entries_;
  std::deque<Entries::value_type*> answered_;  // in the order of their answers
  std::size_t bytes_ = 0;                      // of all entries
  std::size_t answered_bytes_ = 0;             // of those in answered_
};

// Why a request_id cannot be used; OK where it can.
Status to_status(RequestIds::Begin begun);

}  // namespace crier::services::control
