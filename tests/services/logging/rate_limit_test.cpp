#include "services/logging/rate_limit.hpp"

#include <gtest/gtest.h>

namespace crier::services::logging {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RateLimitTest : public ::testing::Test {
 protected:
  int admitted(std::string_view site, int events) {
    int count = 0;
    for (int i = 0; i < events; ++i) {
      count += limit_.admit(site) ? 1 : 0;
    }
    return count;
  }

  std::chrono::steady_clock::time_point now_{seconds(1'000)};
  RateLimit limit_{{3, seconds(10), 2}, [this] { return now_; }};
};

TEST_F(RateLimitTest, AdmitsTheFirstOfEachInterval) {
  EXPECT_EQ(admitted("a", 5), 3);
  now_ += seconds(10) - milliseconds(1);
  EXPECT_EQ(admitted("a", 1), 0);
  now_ += milliseconds(1);
  EXPECT_EQ(admitted("a", 5), 3);
  EXPECT_EQ(limit_.suppressed(), 5U);
}

TEST_F(RateLimitTest, SitesDoNotShareACountUntilThereAreTooMany) {
  EXPECT_EQ(admitted("a", 4), 3);
  EXPECT_EQ(admitted("b", 4), 3);
  EXPECT_EQ(admitted("c", 2), 2);
  EXPECT_EQ(admitted("d", 2), 1);
  ASSERT_EQ(limit_.take_all().size(), 3U);
}

TEST_F(RateLimitTest, AnEndedIntervalIsToldOnce) {
  EXPECT_EQ(admitted("a", 8), 3);
  EXPECT_TRUE(limit_.take_ended().empty());
  now_ += seconds(10);
  const auto summaries = limit_.take_ended();
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_EQ(summaries[0].site, "a");
  EXPECT_EQ(summaries[0].suppressed, 5U);
  EXPECT_TRUE(limit_.take_ended().empty());
}

TEST_F(RateLimitTest, AFloodWithoutPauseIsToldToo) {
  EXPECT_EQ(admitted("a", 8), 3);
  now_ += seconds(10);
  EXPECT_EQ(admitted("a", 4), 3);  // the next interval has begun before anybody asked
  const auto summaries = limit_.take_ended();
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_EQ(summaries[0].suppressed, 5U);
  EXPECT_EQ(limit_.take_all().at(0).suppressed, 1U);
}

}  // namespace
}  // namespace crier::services::logging
