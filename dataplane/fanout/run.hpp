#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "dataplane/fanout/broadcast_job.hpp"
#include "dataplane/queue/span.hpp"

namespace crier::dataplane {

// Consecutive broadcasts of one walk that differ in nothing but their bytes, which lie side by
// side. A connection with room takes the whole run in one step.
struct Run {
  std::uint32_t first_job = 0;  // in the walk
  std::uint32_t jobs = 0;
  std::array<Span, kEncodings> spans{};  // one frame for each job; no block: not encoded like this
  std::uint64_t taken = 0;               // by so many connections as a whole
  std::uint32_t queued = 0;              // frames that the connection being visited has taken

  // Whether `next` may continue a run that ends with `last`.
  static bool alike(const BroadcastJob& last, const BroadcastJob& next) {
    return last.listener == next.listener && last.overflow == next.overflow &&
           last.source == next.source && !last.validate_only && !next.validate_only;
  }

  [[nodiscard]] bool continues_in(const std::array<Span, kEncodings>& next) const {
    for (std::size_t i = 0; i < kEncodings; ++i) {
      if ((spans[i].block == nullptr) != (next[i].block == nullptr)) return false;
      if (spans[i].block != nullptr && !spans[i].continues_in(next[i])) return false;
    }
    return true;
  }

  void extend(const std::array<Span, kEncodings>& next) {
    for (std::size_t i = 0; i < kEncodings; ++i) spans[i].last = next[i].last;
    ++jobs;
  }

  void retain() {
    for (const Span& span : spans) {
      if (span.block != nullptr) span.block->retain();
    }
  }
  void release() {
    for (const Span& span : spans) {
      if (span.block != nullptr) span.block->release();
    }
  }
};

}  // namespace crier::dataplane
