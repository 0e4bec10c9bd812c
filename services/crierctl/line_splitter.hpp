#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crier::services::crierctl {

// Cuts input that arrives in pieces into lines without their LF. The last line may lack one; what
// stands behind the last LF counts as a line unless it is empty.
class LineSplitter {
 public:
  // `line_bytes_max` bounds what is kept of an unfinished line.
  explicit LineSplitter(std::size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  // False: a line is longer than the bound, and nothing more can come of this input.
  [[nodiscard]] bool feed(std::string_view piece);
  // No more input follows.
  void end() { ended_ = true; }

  [[nodiscard]] std::optional<std::string> next();

 private:
  const std::size_t line_bytes_max_;
  std::string pending_;
  std::size_t start_ = 0;    // of the next line in pending_
  std::size_t scanned_ = 0;  // no LF between start_ and here
  bool ended_ = false;
};

}  // namespace crier::services::crierctl
