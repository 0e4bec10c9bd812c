#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace crier::services::crierctl {

// How far a stream of broadcasts has come.
struct Progress {
  std::int64_t answered = 0;
  std::int64_t read_bytes = 0;
  std::optional<std::int64_t> total_bytes;  // known where the input is a regular file
  std::chrono::milliseconds elapsed{};
};

// One line without its end: "[=======>            ]  36%  12,345 broadcasts, 20,111/s, 3s left".
// Without a total: "12,345 broadcasts, 20,111/s".
[[nodiscard]] std::string progress_text(const Progress& progress);

// Draws progress over itself on standard error, where that is a terminal: nothing for the first
// second, then ten times a second at most, and nothing is left of it in the end.
class ProgressLine {
 public:
  explicit ProgressLine(std::optional<std::int64_t> total_bytes);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void update(std::int64_t answered, std::int64_t read_bytes);

 private:
  using Clock = std::chrono::steady_clock;

  const bool terminal_;
  const std::optional<std::int64_t> total_bytes_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point next_draw_;
  bool drawn_ = false;
};

}  // namespace crier::services::crierctl
