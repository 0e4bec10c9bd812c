#include "services/control/request_ids.hpp"

#include <gtest/gtest.h>
// RapidCheck's GoogleTest support needs gtest first.
#include <rapidcheck/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace crier::services::control {
namespace {

using Begin = RequestIds::Begin;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr auto kBroadcast = RequestIds::Space::kBroadcast;
constexpr auto kDisconnect = RequestIds::Space::kDisconnect;

struct Fixture {
  explicit Fixture(std::size_t bytes_max = 1U << 20U)
      : ids({.keep = minutes(5), .bytes_max = bytes_max, .now = [this] { return now; }}) {}

  Begin begin(const std::string& id, std::uint64_t fingerprint = 1, std::size_t reserve = 100) {
    return ids.begin({kBroadcast, id}, fingerprint, reserve,
                     [this](const Status& status, std::string_view answer) {
                       heard.push_back(status.ok() ? std::string(answer) : status.reason);
                     });
  }
  void complete(const std::string& id, const std::string& answer) {
    ids.complete({kBroadcast, id}, answer);
  }

  RequestIds::Clock::time_point now{};
  RequestIds ids;
  std::vector<std::string> heard;
};

TEST(RequestIds, GivesARetryTheEarlierAnswer) {
  Fixture f;
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  f.complete("a", "answer");
  EXPECT_TRUE(f.heard.empty());
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
  EXPECT_EQ(f.heard, std::vector<std::string>{"answer"});
}

TEST(RequestIds, JoinsARetryToTheRequestInFlight) {
  Fixture f;
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
  EXPECT_TRUE(f.heard.empty());
  f.complete("a", "answer");
  EXPECT_EQ(f.heard, (std::vector<std::string>{"answer", "answer"}));
}

TEST(RequestIds, RefusesTheSameIdForAnotherRequest) {
  Fixture f;
  EXPECT_EQ(f.begin("a", 1), Begin::kNew);
  EXPECT_EQ(f.begin("a", 2), Begin::kReused);
  f.complete("a", "answer");
  EXPECT_EQ(f.begin("a", 2), Begin::kReused);
  EXPECT_TRUE(f.heard.empty());
}

TEST(RequestIds, KeepsAnAnswerForFiveMinutesAndNoLonger) {
  Fixture f;
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  f.now += minutes(60);  // in flight: not forgotten
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
  f.complete("a", "answer");
  f.now += minutes(5) - seconds(1);
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
  f.now += seconds(1);
  EXPECT_EQ(f.begin("a"), Begin::kNew);
}

TEST(RequestIds, ForgetsARequestThatFailedAndTellsWhoJoined) {
  Fixture f;
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
  f.ids.abandon({kBroadcast, "a"}, request_abandoned());
  EXPECT_EQ(f.heard, std::vector<std::string>{"REQUEST_ABANDONED"});
  EXPECT_EQ(f.begin("a", 2), Begin::kNew);
}

TEST(RequestIds, KeepsTheSpacesApart) {
  Fixture f;
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  EXPECT_EQ(f.ids.begin({kDisconnect, "a"}, 7, 100, nullptr), Begin::kNew);
}

TEST(RequestIds, ForgetsTheOldestAnswersFirstWhenFull) {
  Fixture f(1000);  // room for two of about 360 bytes
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  f.complete("a", std::string(100, 'a'));
  EXPECT_EQ(f.begin("b"), Begin::kNew);
  f.complete("b", std::string(100, 'b'));
  EXPECT_EQ(f.begin("c"), Begin::kNew);
  EXPECT_EQ(f.begin("b"), Begin::kJoined);
  EXPECT_EQ(f.begin("a"), Begin::kNew) << "a was forgotten for c, and now b for a";
  EXPECT_EQ(f.begin("b"), Begin::kFull);
}

TEST(RequestIds, NeverForgetsWhatIsInFlight) {
  Fixture f(1000);
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  EXPECT_EQ(f.begin("b"), Begin::kNew);
  EXPECT_EQ(f.begin("c"), Begin::kFull);
  f.complete("a", "");
  EXPECT_EQ(f.begin("c"), Begin::kNew);
  EXPECT_EQ(f.begin("b"), Begin::kJoined);
}

TEST(RequestIds, RefusesWhatCannotFitWithoutForgettingAnything) {
  Fixture f(1000);
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  f.complete("a", "answer");
  EXPECT_EQ(f.begin("b", 1, 2000), Begin::kFull);
  EXPECT_EQ(f.begin("a"), Begin::kJoined);
}

TEST(RequestIds, BoundsHowManyMayJoin) {
  Fixture f(1000);
  EXPECT_EQ(f.begin("a"), Begin::kNew);
  int joined = 0;
  while (joined < 100 && f.begin("a") == Begin::kJoined) ++joined;
  EXPECT_GT(joined, 0);
  EXPECT_LT(joined, 100);
  f.complete("a", "answer");
  EXPECT_EQ(f.heard.size(), static_cast<std::size_t>(joined));
}

TEST(RequestIds, TakesOneTo128PrintableCharacters) {
  EXPECT_TRUE(check_request_id("").ok());
  EXPECT_TRUE(check_request_id("!~").ok());
  EXPECT_TRUE(check_request_id(std::string(128, 'x')).ok());
  EXPECT_FALSE(check_request_id(std::string(129, 'x')).ok());
  EXPECT_FALSE(check_request_id("a b").ok());
  EXPECT_FALSE(check_request_id("a\x7f").ok());
  EXPECT_FALSE(check_request_id("ä").ok());
}

// Against a model without a byte bound: whatever is done, bytes stay within the bound, each id has
// one outcome at a time, everybody who joined hears exactly once, and nothing stays behind.
RC_GTEST_PROP(RequestIds, AgreesWithItsModel, ()) {
  constexpr std::size_t kBytesMax = 2000;
  Fixture f(kBytesMax);
  std::map<std::string, std::uint64_t> in_flight;
  std::size_t expected_heard = 0;
  std::map<std::string, std::size_t> joined;
  const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 4), rc::gen::inRange(0, 6), rc::gen::inRange(1, 3)));
  for (const auto& [action, which, fingerprint] : steps) {
    const std::string id(1, static_cast<char>('a' + which));
    const auto found = in_flight.find(id);
    if (action <= 1) {
      const std::size_t heard_before = f.heard.size();
      const Begin begin = f.begin(id, static_cast<std::uint64_t>(fingerprint));
      if (found != in_flight.end()) {
        RC_ASSERT(begin != Begin::kNew);
        RC_ASSERT(f.heard.size() == heard_before);
        if (begin == Begin::kJoined) ++joined[id];
        RC_ASSERT((begin == Begin::kReused) ==
                  (found->second != static_cast<std::uint64_t>(fingerprint)));
      } else if (begin == Begin::kNew) {
        in_flight[id] = static_cast<std::uint64_t>(fingerprint);
      } else if (begin == Begin::kJoined) {
        RC_ASSERT(f.heard.back() == id);
        ++expected_heard;
      }
    } else if (found != in_flight.end()) {
      if (action == 2) f.complete(id, id);
      if (action == 3) f.ids.abandon({kBroadcast, id}, request_abandoned());
      expected_heard += joined[id];
      joined[id] = 0;
      in_flight.erase(found);
    }
    RC_ASSERT(f.heard.size() == expected_heard);
    RC_ASSERT(f.ids.bytes() <= kBytesMax);
  }
  for (const auto& [id, fingerprint] : in_flight) f.complete(id, id);
  f.now += minutes(5);
  RC_ASSERT(f.begin("z") == Begin::kNew);
  f.ids.abandon({kBroadcast, "z"}, request_abandoned());
  RC_ASSERT(f.ids.bytes() == 0U);
}

}  // namespace
}  // namespace crier::services::control
