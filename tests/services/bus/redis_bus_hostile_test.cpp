#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "tests/services/bus/fake_redis.hpp"
#include "tests/services/bus/running_bus.hpp"

namespace crier::services::bus::redis {
namespace {

// A Redis that is polite until the subscription stands, and then says this on it.
FakeRedis::Script subscribed_then(const std::string& bytes) {
  return [bytes](const FakeRedis::Words& words) {
    return FakeRedis::polite(words) + (words.front() == "SUBSCRIBE" ? bytes : "");
  };
}

void expect_protocol_loss(const FakeRedis::Script& script, Mode mode = Mode::kPubSub) {
  FakeRedis redis(script);
  RunningBus bus(options_for(1, redis.port(), mode));
  bus.await_loss(Loss::kProtocol, 2);
  EXPECT_FALSE(bus->up());
}

TEST(RedisBusHostile, BelievesNoClaimedLength) {
  expect_protocol_loss(
      subscribed_then("*3\r\n" + bulk("message") + bulk("crier:all") + "$536870912\r\nxxx"));
  expect_protocol_loss(subscribed_then("*2147483647\r\n"));
  expect_protocol_loss(subscribed_then("$-7\r\n"));
}

TEST(RedisBusHostile, EndsASessionThatSaysWhatNobodyAskedFor) {
  expect_protocol_loss(subscribed_then("+hello\r\n"));
  expect_protocol_loss(subscribed_then("*1\r\n" + bulk("message")));
  expect_protocol_loss(subscribed_then("*0\r\n"));
  expect_protocol_loss(subscribed_then(">2\r\n+a\r\n+b\r\n"));
  expect_protocol_loss(subscribed_then("HTTP/1.1 400 Bad Request\r\n\r\n"));
}

TEST(RedisBusHostile, EndsASessionThatAnswersWhatWasNotAsked) {
  expect_protocol_loss([](const FakeRedis::Words& words) {
    return words.front() == "PUBLISH" ? ":1\r\n:1\r\n:1\r\n" : FakeRedis::polite(words);
  });
  expect_protocol_loss([](const FakeRedis::Words& words) {
    return words.front() == "PUBLISH" ? bulk("x") : FakeRedis::polite(words);
  });
}

TEST(RedisBusHostile, EndsADialThatSaysWhatCannotBeUnderstood) {
  for (const char* answer : {"$536870912\r\n", "?\r\n", "*5\r\n*5000\r\n"}) {
    expect_protocol_loss([answer](const FakeRedis::Words&) { return std::string(answer); });
  }
  expect_protocol_loss([](const FakeRedis::Words&) { return std::string(":1\r\n"); });
}

TEST(RedisBusHostile, EndsASessionWhoseStreamIsNone) {
  for (const std::string& answer :
       {std::string("*1\r\n*2\r\n") + bulk("s") + "*1\r\n:7\r\n",
        std::string("*1\r\n*2\r\n") + bulk("s") + "*1\r\n*2\r\n" + bulk("no id") + "*0\r\n",
        std::string("*5000\r\n"), std::string("*1\r\n*2\r\n$536870912\r\n")}) {
    expect_protocol_loss(
        [answer](const FakeRedis::Words& words) {
          return words.front() == "XREAD" ? answer : FakeRedis::polite(words);
        },
        Mode::kStream);
  }
  expect_protocol_loss(
      [](const FakeRedis::Words& words) {
        return words.front() == "XREVRANGE" ? "*1\r\n*2\r\n" + bulk("no id") + "*0\r\n"
                                            : FakeRedis::polite(words);
      },
      Mode::kStream);
}

TEST(RedisBusHostile, IgnoresAChannelItDidNotSubscribeTo) {
  std::atomic<bool> said{false};
  FakeRedis redis([&](const FakeRedis::Words& words) {
    if (words.front() != "SUBSCRIBE") return FakeRedis::polite(words);
    said = true;
    return FakeRedis::polite(words) + "*3\r\n" + bulk("message") + bulk("other") + bulk("x") +
           "*3\r\n" + bulk("message") + bulk("crier:all") + bulk("y");
  });
  RunningBus bus(options_for(1, redis.port()));
  EXPECT_EQ(bus.await_messages(1).front(), "y");
  EXPECT_TRUE(said);
}

TEST(RedisBusHostile, ShowsInTheLogOnlyPartOfWhatIsSaid) {
  FakeRedis redis(
      [](const FakeRedis::Words&) { return "-ERR " + std::string(100'000, '\x1b') + "\r\n"; });
  RunningBus bus(options_for(1, redis.port()));
  bus.await_loss(Loss::kConnect);
  bus.await_log("ERR ???");
  const std::string logged = bus.logged();
  EXPECT_LT(logged.substr(0, logged.find('\n')).size(), 500U);
  EXPECT_EQ(logged.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace crier::services::bus::redis
