#include "services/control/broadcast_stream.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {
namespace {

// A caller played by the test, one step at a time. A request is told from others by an id that
// names nobody: its answer repeats it.
class Caller final : public StreamTransport {
 public:
  explicit Caller(ControlFixture& fixture) : stream_(fixture.control, *this) { stream_.start(); }

  void start_read(v1::BroadcastRequest& into) override {
    EXPECT_EQ(into_, nullptr) << "two reads at a time";
    into_ = &into;
  }
  void start_write(const v1::BroadcastResponse& answer, bool more) override {
    EXPECT_FALSE(writing) << "two writes at a time";
    writing = true;
    hints.push_back(more);
    answers.push_back(answer.unknown_client_ids(0));
  }
  void finish(const Status& status) override {
    EXPECT_FALSE(finished.has_value());
    EXPECT_FALSE(writing);
    finished = status;
  }

  [[nodiscard]] bool reads() const { return into_ != nullptr; }

  void send(const std::string& name) {
    v1::BroadcastRequest request;
    request.mutable_only()->add_client_ids(name);
    send(request);
  }
  void send(const v1::BroadcastRequest& request) {
    ASSERT_TRUE(reads());
    *into_ = request;
    into_ = nullptr;
    stream_.on_read(true);
  }
  void send_unreadable(const Status& status) {
    ASSERT_TRUE(reads());
    into_ = nullptr;
    stream_.on_refused(status);
  }
  void half_close() { fail_read(); }
  void fail_read() {
    ASSERT_TRUE(reads());
    into_ = nullptr;
    stream_.on_read(false);
  }
  void take(bool ok = true) {
    ASSERT_TRUE(writing);
    writing = false;
    stream_.on_written(ok);
  }
  void take_all() {
    while (writing) take();
  }
  void cancel() { stream_.on_cancel(); }
  void end(const Status& status) { stream_.end(status); }

  std::vector<std::string> answers;
  std::vector<bool> hints;
  bool writing = false;
  std::optional<Status> finished;

 private:
  v1::BroadcastRequest* into_ = nullptr;
  BroadcastStream stream_;
};

using Names = std::vector<std::string>;

v1::BroadcastRequest invalid() {
  v1::BroadcastRequest request;
  request.set_listener("third");
  return request;
}

TEST(BroadcastStream, AnswersInTheOrderOfTheRequests) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  caller.send("b");
  f.fake.answer_all();
  caller.take_all();
  caller.send("c");
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, (Names{"a", "b", "c"}));
}

TEST(BroadcastStream, NeverHintsThatMoreFollowsOnTheFirstAnswer) {
  ControlFixture f;
  v1::BroadcastRequest repeated;
  repeated.mutable_only()->add_client_ids("b");
  repeated.set_request_id("once");
  v1::BroadcastResponse earlier;
  f.control.broadcast(repeated, earlier, [](const Status& status) { EXPECT_TRUE(status.ok()); });
  f.fake.answer_all();
  Caller caller(f);
  caller.send("a");
  caller.send(repeated);  // answered at once, before the two others
  caller.send("c");
  f.fake.answer_one();
  caller.take();
  caller.take();
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, (Names{"a", "b", "c"}));
  EXPECT_EQ(caller.hints, (std::vector<bool>{false, false, false}));
}

TEST(BroadcastStream, FinishesOkAfterTheLastAnswerWhenTheCallerHalfCloses) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  caller.half_close();
  EXPECT_FALSE(caller.finished);
  f.fake.answer_all();
  EXPECT_FALSE(caller.finished);
  caller.take();
  ASSERT_TRUE(caller.finished);
  EXPECT_TRUE(caller.finished->ok());
}

TEST(BroadcastStream, IsNotReadWhileTheWindowIsFull) {
  ControlFixture f;  // a window of 4
  Caller caller(f);
  for (const auto* name : {"a", "b", "c", "d"}) caller.send(name);
  EXPECT_FALSE(caller.reads());
  f.fake.answer_all();
  EXPECT_FALSE(caller.reads()) << "an answer counts only once it is written";
  caller.take();
  EXPECT_TRUE(caller.reads());
}

TEST(BroadcastStream, HintsThatAnotherAnswerFollows) {
  ControlFixture f;
  Caller caller(f);
  for (const auto* name : {"a", "b", "c"}) caller.send(name);
  f.fake.answer_all();  // the first is written before the second is known
  caller.take_all();
  EXPECT_EQ(caller.hints, (std::vector<bool>{false, true, false}));
}

TEST(BroadcastStream, WaitsOutOverloadAndGoesOnInOrder) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  f.fake.set_overloaded();
  caller.send("b");
  EXPECT_FALSE(caller.reads());
  f.fake.answer_all();
  caller.take_all();
  EXPECT_FALSE(caller.finished);
  f.fake.refuse_next(dataplane::Submit::kOverloaded, 2);  // woken in vain
  f.fake.set_ready();
  f.fake.answer_all();
  caller.take_all();
  caller.send("c");
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, (Names{"a", "b", "c"}));
}

TEST(BroadcastStream, WaitsOutFullQueueMemory) {
  ControlFixture f;
  Caller caller(f);
  f.fake.refuse_next(dataplane::Submit::kMemoryFull, 2);
  caller.send("a");
  EXPECT_FALSE(caller.reads());
  f.fake.set_ready();
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, Names{"a"});
  EXPECT_FALSE(caller.finished);
}

TEST(BroadcastStream, EndsAtAnInvalidRequestAfterAllEarlierAnswers) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  caller.send("b");
  caller.send(invalid());
  EXPECT_FALSE(caller.reads());
  EXPECT_FALSE(caller.finished);
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, (Names{"a", "b"}));
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->code, Code::kNotFound);
  EXPECT_EQ(caller.finished->reason, "UNKNOWN_LISTENER");
  EXPECT_EQ(caller.finished->message.rfind("request 2: ", 0), 0U);
  EXPECT_EQ(caller.finished->metadata.back(), (std::pair<std::string, std::string>{"index", "2"}));
}

TEST(BroadcastStream, EndsAtARequestThatIsNotEvenLookedAtAfterAllEarlierAnswers) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  caller.send_unreadable(invalid_field("request", "INVALID_REQUEST", "is none"));
  EXPECT_FALSE(caller.reads());
  EXPECT_FALSE(caller.finished);
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, (Names{"a"}));
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->message, "request 1: request: is none");
  EXPECT_EQ(f.fake.sent_count(), 1U);
  const auto snapshot = f.control.stats().snapshot();
  const auto& stream = snapshot.methods[static_cast<std::size_t>(Method::kBroadcastStream)];
  EXPECT_EQ(stream.finished[static_cast<std::size_t>(Code::kInvalidArgument)], 1U);
  EXPECT_EQ(stream.in_flight, 0U);
}

TEST(BroadcastStream, EndsAtARequestThatTheDataPlaneRefuses) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  f.fake.refuse_next(dataplane::Submit::kUnencodable);
  caller.send("b");
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, Names{"a"});
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->reason, "PAYLOAD_UNENCODABLE");
  EXPECT_EQ(caller.finished->metadata.back().second, "1");
}

TEST(BroadcastStream, EndsAtTheEarliestOfSeveralRefusedRequests) {
  ControlFixture f;
  Caller other(f);
  Caller caller(f);
  v1::BroadcastRequest named;
  named.set_request_id("r");
  f.fake.set_overloaded();
  other.send(named);   // in flight, and waits
  caller.send(named);  // joins it
  caller.send(invalid());
  EXPECT_FALSE(caller.finished);
  other.cancel();
  f.fake.set_ready();
  f.fake.answer_all();
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->code, Code::kAborted);
  EXPECT_EQ(caller.finished->metadata.back().second, "0");
  EXPECT_EQ(f.fake.sent_count(), 0U);
}

TEST(BroadcastStream, ARetryOnTheStreamGetsTheEarlierAnswer) {
  ControlFixture f;
  Caller caller(f);
  v1::BroadcastRequest named;
  named.set_request_id("r");
  named.mutable_only()->add_client_ids("a");
  caller.send(named);
  caller.send(named);
  f.fake.answer_all();
  caller.take_all();
  caller.send(named);
  caller.take_all();
  EXPECT_EQ(caller.answers, (Names{"a", "a", "a"}));
  EXPECT_EQ(f.fake.sent_count(), 1U);
}

TEST(BroadcastStream, SendsARequestWithAnIdOnceAlsoAfterOverload) {
  ControlFixture f;
  Caller caller(f);
  v1::BroadcastRequest named;
  named.set_request_id("r");
  named.mutable_only()->add_client_ids("a");
  f.fake.set_overloaded();
  caller.send(named);
  f.fake.set_ready();
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, Names{"a"});
  EXPECT_EQ(f.fake.sent_count(), 1U);
}

TEST(BroadcastStream, FinishesOnlyWhenEveryAnswerHasComeAlsoWhenCancelled) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  caller.cancel();
  caller.fail_read();
  EXPECT_FALSE(caller.finished);
  f.fake.answer_all();
  EXPECT_TRUE(caller.finished);
  EXPECT_TRUE(caller.answers.empty());
}

TEST(BroadcastStream, FinishesWhenCancelledWithAFullWindow) {
  ControlFixture f;
  Caller caller(f);
  for (const auto* name : {"a", "b", "c", "d"}) caller.send(name);
  f.fake.answer_all();
  ASSERT_FALSE(caller.reads());
  caller.cancel();
  EXPECT_FALSE(caller.finished) << "a write is under way";
  caller.take(false);
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->code, Code::kCancelled);
}

TEST(BroadcastStream, GivesUpARequestThatWaitsWhenCancelled) {
  ControlFixture f;
  Caller caller(f);
  f.fake.set_overloaded();
  caller.send("a");
  caller.cancel();
  EXPECT_FALSE(caller.finished);
  f.fake.set_ready();
  f.fake.answer_all();
  EXPECT_TRUE(caller.finished);
  EXPECT_EQ(f.fake.sent_count(), 0U);
}

TEST(BroadcastStream, AnswersWhatWasReadWhenTheServerEnds) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  caller.end(shutting_down());
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, Names{"a"});
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->reason, "SHUTTING_DOWN");
  caller.fail_read();
}

TEST(BroadcastStream, EndsAsUnavailableOnceDrained) {
  ControlFixture f;
  Caller caller(f);
  caller.send("a");
  f.control.set_drained();
  caller.send("b");
  f.fake.answer_all();
  caller.take_all();
  EXPECT_EQ(caller.answers, Names{"a"});
  ASSERT_TRUE(caller.finished);
  EXPECT_EQ(caller.finished->code, Code::kUnavailable);
}

TEST(BroadcastStream, IsNotReadWhileItsAnswersHoldTooManyIds) {
  ControlFixture f;
  Caller caller(f);
  caller.send(std::string(8U << 20U, 'x'));
  EXPECT_FALSE(caller.reads());
  f.fake.answer_all();
  caller.take();
  EXPECT_TRUE(caller.reads());
}

TEST(BroadcastStream, CountsEveryRequestOnce) {
  ControlFixture f;
  {
    Caller caller(f);
    caller.send("a");
    caller.send("b");
    caller.send(invalid());
    f.fake.answer_all();
    caller.take_all();
    ASSERT_TRUE(caller.finished);
  }
  const auto snapshot = f.control.stats().snapshot();
  const auto& stream = snapshot.methods[static_cast<std::size_t>(Method::kBroadcastStream)];
  EXPECT_EQ(stream.finished[static_cast<std::size_t>(Code::kOk)], 2U);
  EXPECT_EQ(stream.finished[static_cast<std::size_t>(Code::kNotFound)], 1U);
  EXPECT_EQ(stream.in_flight, 0U);
}

}  // namespace
}  // namespace crier::services::control
