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
    message.done = [this, command](Outcome outcome) {
      told_.push_back(command + " " +
                      std::string(kOutcomeLabels[static_cast<std::size_t>(outcome)]));
    };
    outbox_.add(std::move(message), at(ms));
  }
  std::string hand_over(std::size_t bytes = 1000) {
    std::string chunk;
    outbox_.hand_over(chunk, bytes);
    return chunk;
  }
  Answer answer(Reply::Kind kind, const std::string& text = "") {
    Reply reply;
    reply.kind = kind;
    reply.text = text;
    error_.clear();
    return outbox_.take_answer(reply, error_);
  }

  std::vector<std::string> told_;
  std::size_t released_ = 0;
  std::string error_;
  Outbox outbox_{{.tell = [](Message& message, Outcome outcome) { message.done(outcome); },
                  .release = [this](std::size_t bytes) { released_ += bytes; }}};
};

TEST_F(OutboxTest, HandsOverInOrderAndConfirmsInOrder) {
  add("a");
  add("b");
  add("c");
  EXPECT_EQ(hand_over(2), "ab");
  EXPECT_TRUE(outbox_.has_waiting());
  EXPECT_EQ(hand_over(), "c");
  EXPECT_EQ(hand_over(), "");
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(released_, 1U);
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_THAT(told_, ElementsAre("a confirmed", "b confirmed", "c confirmed"));
  EXPECT_TRUE(outbox_.empty());
  EXPECT_EQ(released_, 3U);
}

TEST_F(OutboxTest, TakesNoAnswerToWhatWasNotAsked) {
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kNonsense);
  add("a");
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kNonsense);
  (void)hand_over();
  for (const auto kind : {Reply::Kind::kNil, Reply::Kind::kString, Reply::Kind::kArray}) {
    EXPECT_EQ(answer(kind), Answer::kNonsense);
  }
  EXPECT_TRUE(told_.empty());
}

TEST_F(OutboxTest, TellsUnconfirmedAtTheDeadlineAndNothingAfterwards) {
  add("a", 0);
  add("b", 10);
  (void)hand_over();
  EXPECT_EQ(outbox_.next_deadline(), at(50));
  outbox_.expire(at(49));
  EXPECT_TRUE(told_.empty());
  outbox_.expire(at(50));
  EXPECT_THAT(told_, ElementsAre("a unconfirmed"));
  EXPECT_EQ(outbox_.next_deadline(), at(60));
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_THAT(told_, ElementsAre("a unconfirmed", "b confirmed"));
  EXPECT_EQ(outbox_.next_deadline(), std::nullopt);
}

TEST_F(OutboxTest, TellsThoseBehindAnOverdueMessageAtOnceAndStillSendsTheirs) {
  add("a", 0);
  add("b", 49);
  add("c", 50);
  EXPECT_THAT(told_, ElementsAre("c unconfirmed"));
  outbox_.expire(at(50));
  EXPECT_EQ(outbox_.next_deadline(), at(99));
  EXPECT_EQ(hand_over(), "abc");
  outbox_.expire(at(99));
  EXPECT_THAT(told_, ElementsAre("c unconfirmed", "a unconfirmed", "b unconfirmed"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  EXPECT_EQ(told_.size(), 3U);
}

TEST_F(OutboxTest, TellsDownWhatRedisRefuses) {
  add("a");
  add("b");
  (void)hand_over();
  EXPECT_EQ(answer(Reply::Kind::kError, "OOM too much"), Answer::kTaken);
  EXPECT_EQ(error_, "OOM too much");
  EXPECT_EQ(answer(Reply::Kind::kError, "READONLY no"), Answer::kMoved);
  EXPECT_THAT(told_, ElementsAre("a down", "b down"));
}

TEST_F(OutboxTest, TellsAtALossWhetherAnythingLeft) {
  add("a");
  add("b");
  (void)hand_over(1);
  outbox_.on_lost();
  EXPECT_THAT(told_, ElementsAre("a unconfirmed", "b down"));
  EXPECT_TRUE(outbox_.empty());
  EXPECT_EQ(released_, 2U);
  EXPECT_EQ(hand_over(), "");
}

TEST_F(OutboxTest, KeepsAppendedMessagesInOrderUntilTheyAreConfirmed) {
  add("a", 0, Kind::kAppend);
  add("direct");
  add("probe", 0, Kind::kStreamProbe);
  add("b", 0, Kind::kAppend);
  EXPECT_EQ(hand_over(1), "a");
  outbox_.on_lost();
  EXPECT_THAT(told_, ElementsAre("a unconfirmed", "direct down", "b unconfirmed"));
  add("c", 10, Kind::kAppend);
  EXPECT_EQ(hand_over(), "abc");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(answer(Reply::Kind::kString, "1-1"), Answer::kTaken);
  outbox_.on_lost();
  EXPECT_EQ(hand_over(), "c");
  EXPECT_EQ(answer(Reply::Kind::kString, "1-1"), Answer::kTaken);
  EXPECT_EQ(told_.size(), 4U);
  EXPECT_TRUE(outbox_.empty());
  EXPECT_EQ(released_, 14U);
}

TEST_F(OutboxTest, KeepsAnAppendedMessageWhereTheMasterHasMoved) {
  add("a", 0, Kind::kAppend);
  (void)hand_over();
  EXPECT_EQ(answer(Reply::Kind::kError, "READONLY no"), Answer::kMoved);
  outbox_.on_lost();
  EXPECT_EQ(hand_over(), "a");
}

TEST_F(OutboxTest, TellsNobodyOfProbes) {
  add("p", 0, Kind::kProbe);
  EXPECT_EQ(outbox_.next_deadline(), std::nullopt);
  EXPECT_EQ(hand_over(), "p");
  EXPECT_TRUE(outbox_.oldest_is(Kind::kProbe));
  EXPECT_EQ(answer(Reply::Kind::kInteger), Answer::kTaken);
  add("p", 0, Kind::kStreamProbe);
  outbox_.clear();
  EXPECT_TRUE(told_.empty());
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, TellsEverybodyWhenItIsCleared) {
  add("a", 0, Kind::kAppend);
  add("b");
  (void)hand_over(1);
  outbox_.clear();
  EXPECT_THAT(told_, ElementsAre("a unconfirmed", "b down"));
  EXPECT_EQ(released_, 2U);
}

}  // namespace
}  // namespace crier::services::bus::redis
