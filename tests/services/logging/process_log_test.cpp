#include <gtest/gtest.h>

#include <cstdlib>

#include "services/logging/log.hpp"
#include "tests/services/logging/pipe.hpp"

namespace crier::services::logging {
namespace {

// The process's log is started once and never again, so its life is one test in a child process.
void live(Pipe& pipe) {
  log(Level::kError, "before the start");
  const bool silent = !enabled(Level::kError) && counters().dropped == 0;
  start({Level::kInfo, Format::kText, pipe.writer()});
  log(Level::kInfo, "one", {{"k", 1}});
  log(Level::kDebug, "not this");
  for (int i = 0; i < 12; ++i) {
    log_limited("site", Level::kInfo, "again");
  }
  const bool counted = counters().suppressed == 2;
  stop(std::chrono::seconds(30));
  const bool dropped_late = [] {
    log(Level::kInfo, "after the stop");
    return counters().dropped == 1;
  }();
  const auto lines = lines_of(pipe.read_all());
  const bool written = lines.size() == 12 && lines[0].ends_with("INFO  one k=1") &&
                       lines[11].ends_with("suppressed site=site lines=2");
  std::_Exit(silent && counted && dropped_late && written ? 0 : 1);
}

TEST(ProcessLogDeathTest, LivesOnceAndThrowsAwayWhatComesBeforeAndAfter) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Pipe pipe;
  EXPECT_EXIT(live(pipe), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace crier::services::logging
