#include "services/crierctl/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "services/crierctl/human.hpp"

namespace crier::services::crierctl {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::chrono::milliseconds kQuietFor{1'000};
constexpr std::chrono::milliseconds kRedrawEvery{100};

std::string bar(double fraction) {
  const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(kBarWidth));
  std::string text(kBarWidth, ' ');
  std::fill_n(text.begin(), filled, '=');
  if (filled < kBarWidth) text[filled] = '>';
  char percent[8];
  std::snprintf(percent, sizeof percent, "%3d%%", static_cast<int>(fraction * 100));
  return '[' + text + "] " + percent + "  ";
}

}  // namespace

std::string progress_text(const Progress& progress) {
  const double seconds = std::max(std::chrono::duration<double>(progress.elapsed).count(), 0.001);
  const auto rate = static_cast<std::int64_t>(static_cast<double>(progress.answered) / seconds);
  std::string text = grouped(progress.answered) + " broadcasts, " + grouped(rate) + "/s";
  if (!progress.total_bytes || *progress.total_bytes <= 0) return text;

  const double fraction = std::clamp(
      static_cast<double>(progress.read_bytes) / static_cast<double>(*progress.total_bytes), 0.0,
      1.0);
  text = bar(fraction) + text;
  if (fraction <= 0) return text;
  const std::chrono::duration<double> left(seconds * (1 - fraction) / fraction);
  return text + ", " + human_duration(std::chrono::ceil<std::chrono::seconds>(left)) + " left";
}

ProgressLine::ProgressLine(std::optional<std::int64_t> total_bytes)
    : terminal_(isatty(STDERR_FILENO) == 1),
      total_bytes_(total_bytes),
      next_draw_(start_ + kQuietFor) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::update(std::int64_t answered, std::int64_t read_bytes) {
  if (!terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kRedrawEvery;
  drawn_ = true;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
  const std::string text = progress_text({answered, read_bytes, total_bytes_, elapsed});
  std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
  std::fflush(stderr);
}

}  // namespace crier::services::crierctl
