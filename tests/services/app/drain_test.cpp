#include "services/app/drain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/app/fake_drain_steps.hpp"

namespace crier::services::app {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Outcome = Drain::Outcome;
using Pace = Drain::Pace;
using Phase = Drain::Phase;

constexpr config::Drain kTimes{.settle = milliseconds(300),
                               .spread = milliseconds(5000),
                               .flush = milliseconds(2000),
                               .deadline = milliseconds(9000)};

class DrainTest : public ::testing::Test {
 protected:
  FakeDrainSteps steps_;
  std::vector<Outcome> outcomes_;
  Drain drain_{kTimes, steps_, [this](Outcome outcome) { outcomes_.push_back(outcome); }};
};

TEST_F(DrainTest, NothingHappensBeforeARequest) {
  EXPECT_EQ(drain_.phase(), Phase::kServing);
  EXPECT_THAT(steps_.told, IsEmpty());
  EXPECT_THAT(steps_.timers, IsEmpty());
}

TEST_F(DrainTest, EachStepFollowsTheEndOfTheOneBefore) {
  drain_.request(Pace::kSpread);
  EXPECT_THAT(steps_.told, ElementsAre("refuse readiness"));
  EXPECT_EQ(drain_.phase(), Phase::kSettling);

  steps_.expire(kTimes.settle);
  EXPECT_THAT(steps_.told, ElementsAre("refuse readiness", "stop accepting"));
  EXPECT_EQ(drain_.phase(), Phase::kClosingListeners);

  steps_.listeners_closed();
  EXPECT_THAT(steps_.told,
              ElementsAre("refuse readiness", "stop accepting", "close clients 5000 2000"));
  EXPECT_EQ(drain_.phase(), Phase::kClosingClients);

  steps_.clients_gone();
  EXPECT_THAT(steps_.told, ElementsAre("refuse readiness", "stop accepting",
                                       "close clients 5000 2000", "end calls"));
  EXPECT_EQ(drain_.phase(), Phase::kEndingCalls);
  EXPECT_THAT(outcomes_, IsEmpty());

  steps_.calls_ended();
  EXPECT_EQ(drain_.phase(), Phase::kEnded);
  EXPECT_THAT(outcomes_, ElementsAre(Outcome::kComplete));
}

TEST_F(DrainTest, AtOnceNeitherSettlesNorSpreads) {
  drain_.request(Pace::kAtOnce);
  steps_.listeners_closed();
  EXPECT_THAT(steps_.told,
              ElementsAre("refuse readiness", "stop accepting", "close clients 0 2000"));
}

TEST_F(DrainTest, ASecondRequestSkipsToTheEndFromEveryStep) {
  using Advance = void (*)(FakeDrainSteps&);
  const std::vector<Advance> steps{
      [](FakeDrainSteps&) {},
      [](FakeDrainSteps& s) { s.expire(kTimes.settle); },
      [](FakeDrainSteps& s) { s.listeners_closed(); },
      [](FakeDrainSteps& s) { s.clients_gone(); },
  };
  for (std::size_t done = 1; done <= steps.size(); ++done) {
    FakeDrainSteps fake;
    std::vector<Outcome> outcomes;
    Drain drain(kTimes, fake, [&](Outcome outcome) { outcomes.push_back(outcome); });
    drain.request(Pace::kSpread);
    for (std::size_t i = 0; i < done; ++i) steps[i](fake);
    drain.request(Pace::kAtOnce);
    EXPECT_EQ(fake.told.back(), "abandon") << done;
    EXPECT_EQ(drain.phase(), Phase::kEnded) << done;
    EXPECT_THAT(outcomes, ElementsAre(Outcome::kSecondRequest)) << done;
  }
}

TEST_F(DrainTest, TheDeadlineSkipsToTheEnd) {
  drain_.request(Pace::kSpread);
  steps_.expire(kTimes.settle);
  steps_.listeners_closed();
  steps_.expire(kTimes.deadline);
  EXPECT_EQ(steps_.told.back(), "abandon");
  EXPECT_THAT(outcomes_, ElementsAre(Outcome::kDeadline));
}

TEST_F(DrainTest, TheDeadlineCountsFromTheRequestAlsoAtOnce) {
  drain_.request(Pace::kAtOnce);
  ASSERT_EQ(steps_.timers.size(), 1U);
  EXPECT_EQ(steps_.timers.front().first, kTimes.deadline);
}

TEST_F(DrainTest, NothingHappensAfterTheEnd) {
  drain_.request(Pace::kSpread);
  steps_.expire(kTimes.settle);
  steps_.listeners_closed();
  drain_.request(Pace::kSpread);
  const std::vector<std::string> told = steps_.told;
  steps_.clients_gone();
  steps_.expire(kTimes.deadline);
  steps_.expire(kTimes.settle);
  drain_.request(Pace::kSpread);
  EXPECT_EQ(steps_.told, told);
  EXPECT_EQ(outcomes_.size(), 1U);
}

TEST(Drain, WithoutASettleTimeItStopsAcceptingAtOnce) {
  FakeDrainSteps steps;
  config::Drain times = kTimes;
  times.settle = milliseconds(0);
  Drain drain(times, steps, [](Outcome) {});
  drain.request(Pace::kSpread);
  EXPECT_THAT(steps.told, ElementsAre("refuse readiness", "stop accepting"));
}

}  // namespace
}  // namespace crier::services::app
