#include <gtest/gtest.h>
// RapidCheck's GoogleTest support needs gtest first.
#include <rapidcheck/gtest.h>

#include <vector>

#include "services/cluster/heard.hpp"
#include "services/cluster/sent.hpp"

// What a publisher counts, and what a receiver makes of it.
namespace crier::services::cluster {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kPublisher = 7;

TEST(Sent, CountsToEveryoneAndToEachNodeApart) {
  Sent sent;
  const Sent::Clock::time_point now{};
  EXPECT_EQ(sent.next(0, now), 1U);
  EXPECT_EQ(sent.next(5, now), 1U);
  EXPECT_EQ(sent.next(0, now), 2U);
  EXPECT_EQ(sent.next(6, now), 1U);
  EXPECT_EQ(sent.next(5, now), 2U);
  EXPECT_EQ(sent.to(0), 2U);
  EXPECT_EQ(sent.to(5), 2U);
  EXPECT_EQ(sent.to(99), 0U);
  sent.forget(5);
  EXPECT_EQ(sent.to(5), 0U);
}

TEST(Sent, RemembersWhatItHadPublishedAtAMoment) {
  Sent sent;
  const Sent::Clock::time_point start{};
  EXPECT_EQ(sent.to_everyone_at(start), 0U);
  for (int second = 1; second <= 3; ++second) {
    for (int i = 0; i < 10; ++i) sent.next(0, start + std::chrono::seconds(second));
  }
  EXPECT_EQ(sent.to_everyone_at(start), 0U);
  EXPECT_EQ(sent.to_everyone_at(start + milliseconds(1'500)), 10U);
  EXPECT_EQ(sent.to_everyone_at(start + milliseconds(2'500)), 20U);
  EXPECT_EQ(sent.to_everyone_at(start + milliseconds(9'000)), 30U);
}

// Within a stretch of kSampleTime it says what was before that: rather a gap too many than a loss
// that nobody hears of.
RC_GTEST_PROP(Sent, IsNeverAheadAndAtMostAStretchBehind, ()) {
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200));
  Sent sent;
  std::vector<Sent::Clock::time_point> times;
  Sent::Clock::time_point now{};
  for (const int step : steps) {
    now += milliseconds(step);
    sent.next(0, now);
    times.push_back(now);
  }
  const auto then = Sent::Clock::time_point{} + milliseconds(*rc::gen::inRange(0, 5'000));
  const auto published_by = [&](Sent::Clock::time_point time) {
    return static_cast<std::uint64_t>(
        std::count_if(times.begin(), times.end(), [time](auto each) { return each <= time; }));
  };
  RC_ASSERT(sent.to_everyone_at(then) <= published_by(then));
  RC_ASSERT(sent.to_everyone_at(then) >= published_by(then - Sent::kSampleTime));
}

TEST(Sent, ForgetsItsOldestHistoryAtItsBound) {
  Sent sent;
  Sent::Clock::time_point now{};
  for (std::size_t i = 0; i < 2 * Sent::kSamplesMax; ++i) {
    now += Sent::kSampleTime;
    sent.next(0, now);
  }
  EXPECT_EQ(sent.to_everyone_at({}), Sent::kSamplesMax);
}

// A publisher's numbers come in order, with holes and repetitions; what is missing is a gap.
RC_GTEST_PROP(Heard, CountsEveryHoleOnce, ()) {
  const auto fates = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  Heard heard;
  EXPECT_EQ(heard.accept(kPublisher, false, 1), Heard::Verdict::kNew);
  std::uint64_t sequence = 1;
  std::uint64_t lost = 0;
  for (const int fate : fates) {
    ++sequence;
    if (fate == 0) {
      ++lost;
      continue;
    }
    RC_ASSERT(heard.accept(kPublisher, false, sequence) == Heard::Verdict::kNew);
    if (fate == 1) {
      RC_ASSERT(heard.accept(kPublisher, false, sequence) == Heard::Verdict::kDuplicate);
    }
  }
  heard.note(kPublisher, false, sequence);
  heard.note(kPublisher, false, sequence);
  RC_ASSERT(heard.gaps() == lost);
  RC_ASSERT(heard.gaps(kPublisher) == lost);
}

TEST(Heard, CountsNamedBroadcastsApartAndFromTheBeginning) {
  Heard heard;
  EXPECT_EQ(heard.accept(kPublisher, true, 4), Heard::Verdict::kNew);
  EXPECT_EQ(heard.gaps(), 3U);
  EXPECT_EQ(heard.accept(kPublisher, false, 1), Heard::Verdict::kNew);
  EXPECT_EQ(heard.gaps(), 3U);
  heard.note(kPublisher, true, 6);
  EXPECT_EQ(heard.gaps(), 5U);
}

TEST(Heard, KnowsNothingOfWhatWasBeforeUntilItIsSettled) {
  Heard heard;
  EXPECT_EQ(heard.accept(kPublisher, false, 10), Heard::Verdict::kNew);
  EXPECT_TRUE(heard.unsettled(kPublisher));
  EXPECT_EQ(heard.gaps(), 0U);
  heard.settle(kPublisher, 4);
  EXPECT_FALSE(heard.unsettled(kPublisher));
  EXPECT_EQ(heard.gaps(), 5U);  // 5 to 9
  heard.settle(kPublisher, 0);
  EXPECT_EQ(heard.gaps(), 5U);
}

TEST(Heard, SettlesWithoutAGapWhatWasPublishedBeforeThisNodeWasBorn) {
  Heard heard;
  heard.note(kPublisher, false, 1'000);
  EXPECT_TRUE(heard.unsettled(kPublisher));
  heard.settle(kPublisher, 1'000);
  EXPECT_EQ(heard.gaps(), 0U);
  EXPECT_EQ(heard.accept(kPublisher, false, 1'001), Heard::Verdict::kNew);
  EXPECT_EQ(heard.gaps(), 0U);
}

TEST(Heard, BeginsWithTheFirstNumberHeardWhereNothingWasMissed) {
  Heard heard;
  heard.meet(kPublisher);
  heard.settle_whole(kPublisher);
  EXPECT_EQ(heard.accept(kPublisher, false, 10), Heard::Verdict::kNew);
  EXPECT_FALSE(heard.unsettled(kPublisher));
  EXPECT_EQ(heard.gaps(), 0U);
  EXPECT_EQ(heard.accept(kPublisher, false, 12), Heard::Verdict::kNew);
  EXPECT_EQ(heard.gaps(), 1U);
}

TEST(Heard, NeedsNoSettlingFromTheFirstBroadcastOn) {
  Heard heard;
  EXPECT_EQ(heard.accept(kPublisher, false, 1), Heard::Verdict::kNew);
  EXPECT_FALSE(heard.unsettled(kPublisher));
  EXPECT_FALSE(heard.unsettled(99));
}

TEST(Heard, IgnoresANumberBelowTheFirst) {
  Heard heard;
  EXPECT_EQ(heard.accept(kPublisher, false, 0), Heard::Verdict::kDuplicate);
}

TEST(Heard, RemembersABoundedNumberOfPublishers) {
  Heard heard;
  for (std::uint64_t publisher = 1; publisher <= 3 * Heard::kPublishersMax; ++publisher) {
    EXPECT_EQ(heard.accept(publisher, false, 1), Heard::Verdict::kNew);
  }
  std::size_t known = 0;
  for (std::uint64_t publisher = 1; publisher <= 3 * Heard::kPublishersMax; ++publisher) {
    heard.note(publisher, false, 3);  // two are missing, of those who are remembered
    known += heard.gaps(publisher) == 2 ? 1 : 0;
  }
  EXPECT_LE(known, Heard::kPublishersMax);
}

}  // namespace
}  // namespace crier::services::cluster
