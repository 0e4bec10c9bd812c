#include "tests/stress/oracle.hpp"

#include "tests/stress/frames.hpp"

namespace crier::testing {

void StreamOracle::take(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::size_t part = end == std::string_view::npos ? bytes.size() : end + 1;
    begun_.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    if (end == std::string_view::npos) return;
    check(begun_);
    begun_.clear();
  }
}

void StreamOracle::check(const std::string& frame) {
  if (frame == kNoise) return;
  const std::string source = frame.substr(0, frame.find(' '));
  const std::string expected = stress_frame(source, next_[source]++);
  if (frame != expected) verdict_.fail(name_ + " awaited " + expected + " and got " + frame);
}

std::uint64_t StreamOracle::frames(const std::string& source) const {
  const auto found = next_.find(source);
  return found == next_.end() ? 0 : found->second;
}

}  // namespace crier::testing
