#include "services/app/signals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <vector>

namespace crier::services::app {
namespace {

using ::testing::ElementsAre;

// Signals that a process sends to itself are pending when kill() returns, so poll() sees them.
class SignalsTest : public ::testing::Test {
 protected:
  SignalsTest() { block_signals(); }

  asio::io_context loop_{1};
  std::vector<int> seen_;
  Signals signals_{loop_, [this](int signal) { seen_.push_back(signal); }};
};

TEST_F(SignalsTest, HandsOverWhatWouldOtherwiseEndTheProcess) {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    seen_.clear();
    ASSERT_EQ(kill(getpid(), signal), 0);
    while (seen_.empty()) loop_.run_one();
    EXPECT_THAT(seen_, ElementsAre(signal));
  }
}

TEST_F(SignalsTest, TheSecondOfAKindIsSeenToo) {
  for (int i = 1; i <= 2; ++i) {
    ASSERT_EQ(kill(getpid(), SIGTERM), 0);
    while (seen_.size() < static_cast<std::size_t>(i)) loop_.run_one();
  }
  EXPECT_THAT(seen_, ElementsAre(SIGTERM, SIGTERM));
}

TEST_F(SignalsTest, ABrokenPipeDoesNotEndTheProcess) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST(BlockSignals, UndoesAnInheritedIgnore) {
  std::signal(SIGINT, SIG_IGN);
  block_signals();
  asio::io_context loop{1};
  int seen = 0;
  const Signals signals(loop, [&](int signal) { seen = signal; });
  ASSERT_EQ(kill(getpid(), SIGINT), 0);
  while (seen == 0) loop.run_one();
  EXPECT_EQ(seen, SIGINT);
}

}  // namespace
}  // namespace crier::services::app
