#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace crier::testing {

// What went wrong, the first of it kept. Any thread.
class Verdict {
 public:
  void fail(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (what_.empty()) what_ = what;
  }
  [[nodiscard]] std::string what() const {
    const std::lock_guard lock(mutex_);
    return what_;
  }
  [[nodiscard]] bool failed() const { return !what().empty(); }

 private:
  mutable std::mutex mutex_;
  std::string what_;  // mutex_
};

// Checks what one healthy client gets: of each source every frame once, in order and whole.
class StreamOracle {
 public:
  StreamOracle(std::string name, Verdict& verdict) : name_(std::move(name)), verdict_(verdict) {}

  void take(std::string_view bytes);
  // Frames of `source` so far.
  [[nodiscard]] std::uint64_t frames(const std::string& source) const;

 private:
  void check(const std::string& frame);

  std::string name_;
  Verdict& verdict_;
  std::string begun_;
  std::map<std::string, std::uint64_t> next_;
};

}  // namespace crier::testing
