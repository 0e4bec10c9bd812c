#include "services/bus/redis/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace crier::services::bus::redis {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using Answer = Outbox::Answer;
using Kind = Message::Kind;

class OutboxTest : public ::testing::Test {
 protected:
  [[nodiscard]] static Outbox::Clock::time_point at(int ms) {
    return Outbox::Clock::time_point(milliseconds(ms));
  }
  // Told kUnconfirmed 50 ms later.
  void add(const std::string& command, int ms = 0, Kind kind = Kind::kPublish) {
    Message message;
    message.kind = kind;
    message.command = command;
    message.command_bytes = command.size();
    message.payload_bytes = command.size();
    message.deadline = at(ms + 50);
    const std::string name = command;
    message.done = [this, name](Outcome outcome) {
      told.push_back(name + " " + std::string(kOutcomeLabels[static_cast<std::size_t>(outcome)]));
    };
    outbox.add(std::move(message), at(ms));
  }
  std::string hand_over(std::size_t bytes = 1000) {
    std::string chunk;
    outbox.hand_over(chunk, bytes);
    return chunk;
  }
  Answer answer(Reply::Kind kind, const std::string& text = "") {
    Reply reply;
    reply.kind = kind;
    reply.text = text;
    error.clear();
    return outbox.take_answer(reply, error);
  }

  std::vector<std::string> told;
  std::size_t released = 0;
  std::string error;
  Outbox outbox{{.tell = [](Message& message, Outcome outcome) { message.done(outcome); },
                 .release = [this](std::size_t bytes) { released += bytes; }}};
};

TEST_F(OutboxTest, HandsOverInOrderAndConfirmsInOrder) {
  add("a");
  add("b");
  add("c");
  EXPECT_EQ(hand_over(2), "ab");
  EXPECT_TRUE(outbox.has_waiting());
  EXPECT_EQ(hand_over(), "c");
  EXPECT_EQ(hand_over(), "");
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(released, 1U);
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_THAT(told, ElementsAre("a confirmed", "b confirmed", "c confirmed"));
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(released, 3U);
}

TEST_F(OutboxTest, TakesNoAnswerToWhatWasNotAsked) {
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kNonsense);
  add("a");
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kNonsense);
  (void)hand_over();
  for (const auto kind : {Reply::Kind::kNil, Reply::Kind::kString, Reply::Kind::kArray}) {
    EXPECT_EQ(answer(kind), Answer::kNonsense);
  }
  EXPECT_TRUE(told.empty());
}

TEST_F(OutboxTest, TellsUnconfirmedAtTheDeadlineAndNothingAfterwards) {
  add("a", 0);
  add("b", 10);
  (void)hand_over();
  EXPECT_EQ(outbox.next_deadline(), at(50));
  outbox.expire(at(49));
  EXPECT_TRUE(told.empty());
  outbox.expire(at(50));
  EXPECT_THAT(told, ElementsAre("a unconfirmed"));
  EXPECT_EQ(outbox.next_deadline(), at(60));
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_THAT(told, ElementsAre("a unconfirmed", "b confirmed"));
  EXPECT_EQ(outbox.next_deadline(), std::nullopt);
}

TEST_F(OutboxTest, TellsThoseBehindAnOverdueMessageAtOnceAndStillSendsTheirs) {
  add("a", 0);
  add("b", 49);
  add("c", 50);
  EXPECT_THAT(told, ElementsAre("c unconfirmed"));
  outbox.expire(at(50));
  EXPECT_EQ(outbox.next_deadline(), at(99));
  EXPECT_EQ(hand_over(), "abc");
  outbox.expire(at(99));
  EXPECT_THAT(told, ElementsAre("c unconfirmed", "a unconfirmed", "b unconfirmed"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(told.size(), 3U);
}

TEST_F(OutboxTest, TellsDownWhatRedisRefuses) {
  add("a");
  add("b");
  (void)hand_over();
  EXPECT_EQ(answer(Reply::Kind::kError, "OOM too much"), Answer::kTaken);
  EXPECT_EQ(error, "OOM too much");
  EXPECT_EQ(answer(Reply::Kind::kError, "READONLY no"), Answer::kMoved);
  EXPECT_THAT(told, ElementsAre("a down", "b down"));
}

TEST_F(OutboxTest, TellsAtALossWhetherAnythingLeft) {
  add("a");
  add("b");
  (void)hand_over(1);
  outbox.on_lost();
  EXPECT_THAT(told, ElementsAre("a unconfirmed", "b down"));
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(released, 2U);
  EXPECT_EQ(hand_over(), "");
}

TEST_F(OutboxTest, KeepsAppendedMessagesInOrderUntilTheyAreConfirmed) {
  add("a", 0, Kind::kAppend);
  add("direct");
  add("probe", 0, Kind::kStreamProbe);
  add("b", 0, Kind::kAppend);
  EXPECT_EQ(hand_over(1), "a");
  outbox.on_lost();
  EXPECT_THAT(told, ElementsAre("a unconfirmed", "direct down", "b unconfirmed"));
  add("c", 10, Kind::kAppend);
  EXPECT_EQ(hand_over(), "abc");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(answer(Reply::Kind::kString, "1-1"), Answer::kTaken);
  outbox.on_lost();
  EXPECT_EQ(hand_over(), "c");
  EXPECT_EQ(answer(Reply::Kind::kString, "1-1"), Answer::kTaken);
  EXPECT_EQ(told.size(), 4U);
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(released, 14U);
}

TEST_F(OutboxTest, KeepsAnAppendedMessageWhereTheMasterHasMoved) {
  add("a", 0, Kind::kAppend);
  (void)hand_over();
  EXPECT_EQ(answer(Reply::Kind::kError, "READONLY no"), Answer::kMoved);
  outbox.on_lost();
  EXPECT_EQ(hand_over(), "a");
}

TEST_F(OutboxTest, TellsNobodyOfProbes) {
  add("p", 0, Kind::kProbe);
  EXPECT_EQ(outbox.next_deadline(), std::nullopt);
  EXPECT_EQ(hand_over(), "p");
  EXPECT_TRUE(outbox.oldest_is(Kind::kProbe));
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  add("p", 0, Kind::kStreamProbe);
  outbox.clear();
  EXPECT_TRUE(told.empty());
  EXPECT_TRUE(outbox.empty());
}

TEST_F(OutboxTest, TellsEverybodyWhenItIsCleared) {
  add("a", 0, Kind::kAppend);
  add("b");
  (void)hand_over(1);
  outbox.clear();
  EXPECT_THAT(told, ElementsAre("a unconfirmed", "b down"));
  EXPECT_EQ(released, 2U);
}

}  // namespace
}  // namespace crier::services::bus::redis
