#include "services/app/client_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "services/logging/log.hpp"
#include "tests/services/logging/pipe.hpp"

namespace crier::services::app {
namespace {

std::vector<std::string> written(logging::Pipe& pipe) {
  logging::stop(std::chrono::seconds(30));
  return logging::lines_of(pipe.read_all());
}

long lines_with(const std::vector<std::string>& lines, std::string_view text) {
  return std::count_if(lines.begin(), lines.end(), [text](const std::string& line) {
    return line.find(text) != std::string::npos;
  });
}

// `memory` and `auth_failed` are labels of both. The log is the process's, so this has one of its
// own.
void reject_many_and_close_some(logging::Pipe& pipe) {
  logging::start({logging::Level::kInfo, logging::Format::kText, pipe.writer()});
  const ClientLog log({"devices"});
  dataplane::RejectedClient rejected;
  rejected.reason = dataplane::RejectReason::kAuthFailed;
  for (int i = 0; i < 100; ++i) log.rejected(rejected);
  dataplane::ClosedClient closed;
  closed.reason = dataplane::CloseReason::kAuthFailed;
  for (int i = 0; i < 3; ++i) log.closed(closed);
  const auto lines = written(pipe);
  const bool separate = lines_with(lines, "client closed") == 3 &&
                        lines_with(lines, "client rejected") == 10 &&
                        lines_with(lines, "site=client.rejected.auth_failed lines=90") == 1;
  std::_Exit(separate ? 0 : 1);
}

TEST(ClientLogDeathTest, ClosesAndRejectionsOfOneLabelAreLimitedApart) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  logging::Pipe pipe;
  EXPECT_EXIT(reject_many_and_close_some(pipe), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace crier::services::app
