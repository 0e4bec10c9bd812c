#pragma once

#include <cstddef>

namespace crier::testing {

// What is published comes in streams, each numbered from 1: of every publisher one to everybody,
// one to a named client of each node, and one to the named clients of all nodes in one call. A
// payload is "STREAM NUMBER", and possibly more that nobody looks at.
class Streams {
 public:
  explicit Streams(std::size_t nodes) : nodes_(nodes) {}

  [[nodiscard]] std::size_t nodes() const { return nodes_; }
  [[nodiscard]] std::size_t count() const { return nodes_ * (nodes_ + 2); }

  [[nodiscard]] std::size_t to_everyone(std::size_t publisher) const { return publisher; }
  [[nodiscard]] std::size_t to_named(std::size_t publisher) const { return nodes_ + publisher; }
  [[nodiscard]] std::size_t to_one(std::size_t publisher, std::size_t node) const {
    return nodes_ * (2 + publisher) + node;
  }

  [[nodiscard]] std::size_t publisher_of(std::size_t stream) const {
    return stream < 2 * nodes_ ? stream % nodes_ : stream / nodes_ - 2;
  }
  // Whether a client of this node is to get it.
  [[nodiscard]] bool reaches(std::size_t stream, std::size_t node, bool named) const {
    if (stream < nodes_) return true;
    return named && (stream < 2 * nodes_ || stream % nodes_ == node);
  }

 private:
  const std::size_t nodes_;
};

}  // namespace crier::testing
