#include "services/crierctl/line_splitter.hpp"

namespace crier::services::crierctl {

bool LineSplitter::feed(std::string_view piece) {
  pending_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  const std::size_t first_end = piece.find('\n');
  const std::size_t longest = first_end == std::string_view::npos ? piece.size() : first_end;
  if (pending_.find('\n', scanned_) == std::string::npos &&
      pending_.size() + longest > line_bytes_max_) {
    return false;
  }
  pending_ += piece;
  return true;
}

std::optional<std::string> LineSplitter::next() {
  const std::size_t end = pending_.find('\n', scanned_);
  if (end != std::string::npos) {
    std::string line = pending_.substr(start_, end - start_);
    start_ = scanned_ = end + 1;
    return line;
  }
  scanned_ = pending_.size();
  if (!ended_ || start_ == pending_.size()) return std::nullopt;
  std::string line = pending_.substr(start_);
  start_ = scanned_;
  return line;
}

}  // namespace crier::services::crierctl
