#include "services/logging/logger.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "services/logging/line_format.hpp"

namespace crier::services::logging {
namespace {

constexpr std::chrono::milliseconds kReportInterval{1'000};

// Formats in the caller's thread and leaves the writing to the writer's.
class WriterSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit WriterSink(LineWriter& writer) : writer_(writer) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    writer_.push(std::string(line.data(), line.size()));
  }
  void flush_() override {}

  LineWriter& writer_;
};

std::shared_ptr<spdlog::sinks::sink> make_sink(LineWriter& writer, bool json) {
  auto sink = std::make_shared<WriterSink>(writer);
  const std::string pattern =
      json ? "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v" : "%Y-%m-%dT%H:%M:%S.%eZ %v";
  sink->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, "\n"));
  return sink;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kTrace:
      return spdlog::level::trace;
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

bool wants_json(const Options& options) {
  return options.format == Format::kJson ||
         (options.format == Format::kAuto && isatty(options.fd) != 1);
}

}  // namespace

Logger::Logger(const Options& options, RateLimit::Clock clock)
    : json_(wants_json(options)),
      limit_({}, std::move(clock)),
      logger_("crier", make_sink(writer_, json_)),
      writer_(options.fd, {options.queue_lines_max, options.queue_bytes_max}, kReportInterval,
              [this] { report(); }) {
  logger_.set_level(to_spdlog(options.level));
}

Logger::~Logger() {
  stop(std::chrono::milliseconds(0));
}

bool Logger::enabled(Level level) const {
  return logger_.should_log(to_spdlog(level));
}

void Logger::log(Level level, std::string_view message, Fields fields) {
  if (!enabled(level)) {
    return;
  }
  const std::string line =
      json_ ? format_json(level, message, fields) : format_text(level, message, fields);
  logger_.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void Logger::log_limited(std::string_view site, Level level, std::string_view message,
                         Fields fields) {
  if (enabled(level) && limit_.admit(site)) {
    log(level, message, fields);
  }
}

void Logger::report_suppressed(const std::vector<RateLimit::Summary>& summaries) {
  for (const auto& summary : summaries) {
    log(Level::kWarn, "repeating log lines suppressed",
        {{"site", summary.site}, {"lines", summary.suppressed}});
  }
}

void Logger::report() {
  report_suppressed(limit_.take_ended());
  const std::uint64_t dropped = writer_.dropped();
  const std::uint64_t before = dropped_reported_.exchange(dropped);
  if (dropped > before) {
    log(Level::kWarn, "log lines dropped", {{"lines", dropped - before}});
  }
}

void Logger::stop(std::chrono::milliseconds timeout) {
  report_suppressed(limit_.take_all());
  report();
  writer_.stop(timeout);
}

Counters Logger::counters() const {
  return {writer_.dropped(), limit_.suppressed()};
}

}  // namespace crier::services::logging
