#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "dataplane/config.hpp"
#include "dataplane/queue/span_ring.hpp"

namespace crier::dataplane {

// A connection's bounded outbound queue: whole frames in order, of which the first may be partly
// sent. Knows nothing of sockets; never waits; one shard only. "Queue" in the API and in metrics.
class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { clear(); }

  [[nodiscard]] bool empty() const { return frames_ == 0; }
  [[nodiscard]] std::uint32_t frames() const { return frames_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // unsent
  // All that is unsent lies side by side: gather() fills one entry.
  [[nodiscard]] bool contiguous() const { return spans_.size() == 1; }
  [[nodiscard]] bool head_partly_sent() const { return head_sent_bytes_ > 0; }
  // REQUIRES: !empty().
  [[nodiscard]] Stamp oldest() const { return spans_[0].enqueued(); }

  [[nodiscard]] bool fits(std::uint32_t frames, std::uint64_t bytes,
                          const QueueConfig& limits) const {
    return frames_ + frames <= limits.max_frames && bytes_ + bytes <= limits.max_bytes;
  }
  // At least half of either bound is used.
  [[nodiscard]] bool half_full(const QueueConfig& limits) const {
    return !empty() && (2ULL * frames_ >= limits.max_frames || 2 * bytes_ >= limits.max_bytes);
  }
  // Another push may have to take memory from the heap.
  [[nodiscard]] bool needs_heap() const { return spans_.full_inline(); }

  // Appends without a check of bounds: callers ask fits() first. Retains the span's block.
  void push(const Span& span);

  // Drops whole unsent frames from the front until one more of `bytes` fits; returns how many.
  // 0, and nothing is dropped, where even that would not suffice. A frame that is partly sent
  // stays, and so does every one that the first `begun_bytes` touch, which are on their way in a
  // TLS record. REQUIRES: it does not fit now; the begun bytes lie in the first entry of gather().
  [[nodiscard]] std::uint32_t evict_for(std::uint64_t bytes, const QueueConfig& limits,
                                        std::uint64_t begun_bytes = 0);

  // Drops every frame that does not stay by the same rule; returns how many.
  std::uint32_t drop_unsent(std::uint64_t begun_bytes = 0);
  // Drops everything; returns the frames that were there, a partly sent one included.
  std::uint32_t clear();

  // Fills `out` with unsent bytes from the front; returns how many entries.
  [[nodiscard]] std::size_t gather(std::span<iovec> out) const;
  // The unsent bytes of the frames that have to be sent before anything else can be, which are
  // those that evict_for() spares. REQUIRES: there are some.
  [[nodiscard]] iovec gather_begun(std::uint64_t begun_bytes) const;
  // Removes `sent` bytes from the front; returns the frames that are now sent whole.
  // REQUIRES: sent <= bytes().
  std::uint32_t commit(std::uint64_t sent);

 private:
  void drop_one(std::uint32_t index);
  void remove_front();
  [[nodiscard]] std::uint32_t frames_begun(std::uint64_t begun_bytes) const;
  void isolate_front(std::uint32_t frames);

  SpanRing spans_;
  std::uint32_t frames_ = 0;
  std::uint32_t head_sent_bytes_ = 0;  // of the first frame
  std::uint64_t bytes_ = 0;
};

}  // namespace crier::dataplane
