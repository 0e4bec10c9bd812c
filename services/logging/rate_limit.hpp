#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace crier::services::logging {

// Counts events per site and says which of them are still worth a line: the first `per_interval`
// of every interval, which begins with the first event after the last one ended. Any thread.
class RateLimit {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  struct Options {
    std::uint32_t per_interval = 10;
    std::chrono::milliseconds interval = std::chrono::seconds(10);
    std::size_t sites_max = 256;  // sites beyond share one count
  };

  // What an interval held back.
  struct Summary {
    std::string site;
    std::uint64_t suppressed;
  };

  explicit RateLimit(Options options, Clock clock = std::chrono::steady_clock::now);
  RateLimit(const RateLimit&) = delete;
  RateLimit& operator=(const RateLimit&) = delete;

  // Whether this event of `site` may be told.
  [[nodiscard]] bool admit(std::string_view site);

  // The intervals that have ended and held something back, each once.
  [[nodiscard]] std::vector<Summary> take_ended();
  // The same for all intervals, ended or not.
  [[nodiscard]] std::vector<Summary> take_all();

  [[nodiscard]] std::uint64_t suppressed() const;  // ever

 private:
  struct Site {
    std::chrono::steady_clock::time_point begin;
    std::uint32_t admitted = 0;
    std::uint64_t suppressed = 0;  // in the interval that began at `begin`
    std::uint64_t ended = 0;       // in earlier ones, not told yet
  };

  std::vector<Summary> take(bool ended_only);

  // Constant after construction.
  const Options options_;
  const Clock clock_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Site, std::less<>> sites_;
  std::uint64_t suppressed_ = 0;
};

}  // namespace crier::services::logging
