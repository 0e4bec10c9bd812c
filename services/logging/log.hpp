#pragma once

#include <unistd.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace crier::services::logging {

enum class Level : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError };
enum class Format : std::uint8_t { kAuto, kText, kJson };  // kAuto: text on a terminal, else JSON

struct Options {
  Level level = Level::kInfo;
  Format format = Format::kAuto;
  int fd = STDOUT_FILENO;              // not owned; must stay open until stop() has returned
  std::size_t queue_lines_max = 8192;  // waiting to be written; a line beyond it is dropped
  std::size_t queue_bytes_max = 4U << 20U;
};

// One key and value of a line. Text is escaped and cut at kFieldBytesMax when the line is made, so
// callers pass what a client sent as it is. Refers to its arguments: for use within one call.
struct Field {
  Field(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
  Field(std::string_view field_key, const char* text) : key(field_key), value(text) {}
  Field(std::string_view field_key, bool flag) : key(field_key), value(flag) {}
  template <std::signed_integral T>
  Field(std::string_view field_key, T number)
      : key(field_key), value(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  Field(std::string_view field_key, T number)
      : key(field_key), value(static_cast<std::uint64_t>(number)) {}

  std::string_view key;  // a literal of ours: letters, digits and '_'
  std::variant<std::string_view, std::int64_t, std::uint64_t, bool> value;
};
using Fields = std::initializer_list<Field>;

inline constexpr std::size_t kMessageBytesMax = 1024;
inline constexpr std::size_t kFieldBytesMax = 256;

// The process's log. start() once, early in main; before it and after stop() lines are thrown
// away. stop() writes what is queued, but waits no longer than `timeout` for a blocked reader.
void start(const Options& options);
void stop(std::chrono::milliseconds timeout = std::chrono::seconds(1));

// Any thread; never waits for the reader of the log. The level is checked first.
[[nodiscard]] bool enabled(Level level);
void log(Level level, std::string_view message, Fields fields = {});

// For lines that somebody outside can cause again and again: at most 10 of one `site` in 10 s, the
// rest is counted and told in one line afterwards. `site` is a literal naming the place in code.
void log_limited(std::string_view site, Level level, std::string_view message, Fields fields = {});

// Since start(). For metrics.
struct Counters {
  std::uint64_t dropped = 0;     // the queue was full, or the reader went away
  std::uint64_t suppressed = 0;  // by log_limited()
};
[[nodiscard]] Counters counters();

}  // namespace crier::services::logging
