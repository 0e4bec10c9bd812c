#include "services/cluster/pending.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace crier::services::cluster {
namespace {

using namespace std::chrono_literals;

constexpr Pending::Clock::time_point kStart{};

v1::BusReply reply(std::uint64_t id) {
  v1::BusReply reply;
  reply.set_id(id);
  return reply;
}

struct Asked {
  std::optional<Pending::Replies> replies;
  Pending::Done done() {
    return [this](Pending::Replies all) { replies = std::move(all); };
  }
};

TEST(Pending, EndsWithTheLastAnswer) {
  Pending pending;
  Asked asked;
  pending.expect(1, {10, 20}, kStart + 1s, asked.done());
  EXPECT_TRUE(pending.reply(20, reply(1)));
  EXPECT_FALSE(asked.replies);
  EXPECT_TRUE(pending.reply(10, reply(1)));
  ASSERT_TRUE(asked.replies);
  EXPECT_EQ(asked.replies->answers.size(), 2U);
  EXPECT_TRUE(asked.replies->missing.empty());
  EXPECT_EQ(pending.next_deadline(), Pending::Clock::time_point::max());
}

TEST(Pending, TakesNoAnswerTwiceNorFromWhoWasNotAsked) {
  Pending pending;
  Asked asked;
  pending.expect(1, {10, 20}, kStart + 1s, asked.done());
  EXPECT_TRUE(pending.reply(10, reply(1)));
  EXPECT_FALSE(pending.reply(10, reply(1)));
  EXPECT_FALSE(pending.reply(30, reply(1)));
  EXPECT_FALSE(pending.reply(20, reply(2)));
  EXPECT_FALSE(asked.replies);
}

TEST(Pending, EndsAtItsDeadlineWithWhatCame) {
  Pending pending;
  Asked early;
  Asked late;
  pending.expect(1, {10, 20}, kStart + 2s, late.done());
  pending.expect(2, {10}, kStart + 1s, early.done());
  EXPECT_EQ(pending.next_deadline(), kStart + 1s);
  EXPECT_TRUE(pending.reply(20, reply(1)));
  pending.expire(kStart + 1s);
  ASSERT_TRUE(early.replies);
  EXPECT_EQ(early.replies->missing, std::vector<std::uint64_t>{10});
  EXPECT_FALSE(late.replies);
  pending.expire(kStart + 2s);
  ASSERT_TRUE(late.replies);
  EXPECT_EQ(late.replies->missing, std::vector<std::uint64_t>{10});
  EXPECT_EQ(late.replies->answers.size(), 1U);
}

TEST(Pending, GivesUpANode) {
  Pending pending;
  Asked one;
  Asked both;
  pending.expect(1, {10}, kStart + 1s, one.done());
  pending.expect(2, {10, 20}, kStart + 1s, both.done());
  pending.give_up_node(10);
  ASSERT_TRUE(one.replies);
  EXPECT_EQ(one.replies->missing, std::vector<std::uint64_t>{10});
  EXPECT_FALSE(both.replies);
  pending.give_up(2, 20);
  ASSERT_TRUE(both.replies);
  EXPECT_EQ(both.replies->missing.size(), 2U);
}

TEST(Pending, IsBounded) {
  Pending pending;
  std::vector<Asked> asked(Pending::kQuestionsMax + 1);
  for (std::size_t id = 0; id < asked.size(); ++id) {
    pending.expect(id, {10}, kStart + 1s, asked[id].done());
  }
  EXPECT_FALSE(asked[0].replies);
  ASSERT_TRUE(asked.back().replies);
  EXPECT_EQ(asked.back().replies->missing, std::vector<std::uint64_t>{10});
  pending.expire_all();
  for (const Asked& each : asked) EXPECT_TRUE(each.replies);
}

TEST(Pending, MayBeAskedAnewFromWithinAnAnswer) {
  Pending pending;
  Asked second;
  pending.expect(1, {10}, kStart + 1s, [&](const Pending::Replies&) {
    pending.expect(2, {10}, kStart + 1s, second.done());
  });
  pending.expire(kStart + 1s);
  EXPECT_TRUE(second.replies);
}

}  // namespace
}  // namespace crier::services::cluster
