#pragma once

#include <cstdint>

#include "dataplane/queue/block.hpp"

namespace crier::dataplane {

// Consecutive frames of one block, [first, last). A plain value: whoever keeps one retains its
// block.
struct Span {
  Block* block = nullptr;
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  [[nodiscard]] std::uint32_t frames() const { return last - first; }
  [[nodiscard]] std::uint32_t begin() const { return block->begin_of(first); }
  [[nodiscard]] std::uint32_t end() const { return block->begin_of(last); }
  [[nodiscard]] std::uint32_t bytes() const { return end() - begin(); }
  [[nodiscard]] Stamp enqueued() const { return block->ends[first].enqueued; }

  [[nodiscard]] bool continues_in(const Span& next) const {
    return block == next.block && last == next.first;
  }
};

}  // namespace crier::dataplane
