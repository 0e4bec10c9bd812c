#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dataplane/pressure/queue_memory.hpp"

namespace crier::dataplane {

// Replies of one connection that wait for their turn (an earlier frame's reply is still being
// made) or for room in the queue. Keeps the order of the frames they answer. A connection has one
// only while there are some. Counts as memory of queues.
class ReplyLine {
 public:
  // `first`: the sequence of the first reply, past those of any line that the connection had
  // before.
  explicit ReplyLine(QueueMemory& memory, std::uint64_t first = 0)
      : memory_(memory), first_(first) {
    memory_.take(kOwnBytes);
  }
  ReplyLine(const ReplyLine&) = delete;
  ReplyLine& operator=(const ReplyLine&) = delete;
  ~ReplyLine() {
    while (!empty()) pop_front();
    memory_.give_back(kOwnBytes);
  }

  // Frames that may be unanswered before the connection is not read any more.
  static constexpr std::size_t kLengthMax = 64;

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] bool full() const { return entries_.size() >= kLengthMax; }
  [[nodiscard]] std::uint64_t next_sequence() const { return first_ + entries_.size(); }
  [[nodiscard]] bool front_ready() const { return !empty() && entries_.front().ready; }
  // REQUIRES: front_ready(). Absent: this frame has no reply.
  [[nodiscard]] const std::optional<std::string>& front() const { return entries_.front().payload; }

  void push_pending() { push({false, std::nullopt}); }
  void push_ready(std::string_view payload) { push({true, std::string(payload)}); }
  void pop_front() {
    memory_.give_back(sizeof(Entry) + payload_bytes(entries_.front()));
    entries_.pop_front();
    ++first_;
  }

  // Ignores a sequence that is not in the line or was completed before.
  void complete(std::uint64_t sequence, std::optional<std::string> payload) {
    if (sequence < first_ || sequence >= next_sequence()) return;
    Entry& entry = entries_[static_cast<std::size_t>(sequence - first_)];
    if (entry.ready) return;
    entry.ready = true;
    entry.payload = std::move(payload);
    memory_.take(payload_bytes(entry));
  }

  // Replies that are ready and were not sent.
  [[nodiscard]] std::uint32_t ready_count() const {
    std::uint32_t count = 0;
    for (const Entry& entry : entries_) count += entry.ready && entry.payload ? 1 : 0;
    return count;
  }

 private:
  struct Entry {
    bool ready = false;
    std::optional<std::string> payload;
  };
  // With the two allocations of an empty deque.
  static constexpr std::size_t kOwnBytes = 1024;

  void push(Entry entry) {
    entries_.push_back(std::move(entry));
    memory_.take(sizeof(Entry) + payload_bytes(entries_.back()));
  }
  static std::size_t payload_bytes(const Entry& entry) {
    return entry.payload ? allocation_bytes(entry.payload->capacity() + 1) : 0;
  }

  QueueMemory& memory_;
  std::deque<Entry> entries_;
  std::uint64_t first_;
};

}  // namespace crier::dataplane
