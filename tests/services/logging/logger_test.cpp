#include "services/logging/logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>

#include "tests/services/logging/json.hpp"
#include "tests/services/logging/pipe.hpp"

namespace crier::services::logging {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

constexpr seconds kPatience{30};

class LoggerTest : public ::testing::Test {
 protected:
  Options options(Format format, Level level = Level::kInfo) {
    Options options;
    options.fd = pipe_.writer();
    options.format = format;
    options.level = level;
    return options;
  }

  // What the logger wrote in all; ends it.
  std::vector<std::string> finish(Logger& logger) {
    logger.stop(kPatience);
    return lines_of(pipe_.read_all());
  }

  Pipe pipe_;
  std::chrono::steady_clock::time_point now_{seconds(1'000)};
};

TEST_F(LoggerTest, TextHasTimeLevelMessageAndFields) {
  Logger logger(options(Format::kText));
  logger.log(Level::kInfo, "client closed", {{"id", "c7"}, {"frames", 3}});
  const auto lines = finish(logger);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], ContainsRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z "
                                      "INFO  client closed id=c7 frames=3$"));
}

TEST_F(LoggerTest, JsonIsOneObjectPerLineWhateverClientsSend) {
  Logger logger(options(Format::kAuto));  // a pipe is no terminal
  using namespace std::string_literals;
  const std::string hostile = "x\"}\n{\"level\":\"error\"\x1b[2J\xff\\\r\0y"s;
  logger.log(Level::kWarn, hostile, {{"reason", hostile}, {"count", 2}});
  logger.log(Level::kInfo, "second");
  const auto lines = finish(logger);
  ASSERT_EQ(lines.size(), 2U);
  const auto object = parse_json(lines[0]);
  ASSERT_TRUE(object) << lines[0];
  EXPECT_EQ(text_of(*object, "level"), "warn");
  EXPECT_THAT(text_of(*object, "message"), HasSubstr("{\"level\":\"error\""));
  EXPECT_EQ(text_of(*object, "reason"), text_of(*object, "message"));
  EXPECT_EQ(object->fields().at("count").number_value(), 2);
  EXPECT_THAT(text_of(*object, "time"), ContainsRegex("^[0-9-]{10}T[0-9:.]{12}Z$"));
  EXPECT_TRUE(parse_json(lines[1]));
}

TEST_F(LoggerTest, ATerminalGetsText) {
  int screen = -1;
  int terminal = -1;
  ASSERT_EQ(openpty(&screen, &terminal, nullptr, nullptr, nullptr), 0);
  Options to_terminal;
  to_terminal.fd = terminal;
  Logger logger(to_terminal);
  logger.log(Level::kInfo, "hello");
  std::array<char, 256> buffer{};
  const ssize_t size = read(screen, buffer.data(), buffer.size());
  ASSERT_GT(size, 0);
  EXPECT_THAT(std::string(buffer.data(), static_cast<std::size_t>(size)),
              HasSubstr("Z INFO  hello"));
  logger.stop(kPatience);
  close(screen);
  close(terminal);
}

TEST_F(LoggerTest, LinesBelowTheLevelAreNotWritten) {
  Logger logger(options(Format::kText, Level::kWarn));
  EXPECT_FALSE(logger.enabled(Level::kInfo));
  EXPECT_TRUE(logger.enabled(Level::kWarn));
  logger.log(Level::kInfo, "quiet");
  logger.log(Level::kError, "loud");
  const auto lines = finish(logger);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("ERROR loud"));
}

TEST_F(LoggerTest, RepeatingLinesEndInASummary) {
  Logger logger(options(Format::kText), [this] { return now_; });
  for (int i = 0; i < 25; ++i) {
    logger.log_limited("accept", Level::kWarn, "client refused");
  }
  EXPECT_EQ(logger.counters().suppressed, 15U);
  const auto lines = finish(logger);
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_THAT(lines[10], HasSubstr("repeating log lines suppressed site=accept lines=15"));
}

TEST_F(LoggerTest, ABlockedReaderIsToldWhatItMissed) {
  Options small = options(Format::kText);
  small.queue_lines_max = 4;
  Logger logger(small);
  for (int i = 0; i < 1'000; ++i) {
    logger.log(Level::kInfo, std::string(100, 'x'));
  }
  ASSERT_GT(logger.counters().dropped, 0U);
  // Once the reader goes on, the queue has room again and the next report gets through.
  std::string seen = pipe_.read_until("\n");
  while (seen.find("log lines dropped") == std::string::npos) {
    logger.log(Level::kInfo, "more");
    logger.report();
    seen += pipe_.read_until("\n");
  }
  EXPECT_THAT(seen, HasSubstr("WARN  log lines dropped lines="));
}

}  // namespace
}  // namespace crier::services::logging
