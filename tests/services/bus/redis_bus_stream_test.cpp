#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/services/bus/running_bus.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/resp_client.hpp"
#include "tests/support/scale.hpp"

namespace crier::services::bus::redis {
namespace {

using ::testing::ElementsAre;
using testing::RedisServer;
using testing::RespClient;

Options stream_options(std::uint64_t node, const RedisServer& redis) {
  return options_for(node, redis.port(), Mode::kStream);
}

// That every number from 0 on came, in order, but perhaps some of them again.
void expect_all_in_order(const std::vector<std::string>& messages, std::size_t count) {
  std::size_t next = 0;
  for (const std::string& message : messages) {
    const std::size_t number = std::stoul(message);
    ASSERT_LE(number, next) << "lost " << next;
    if (number == next) ++next;
  }
  EXPECT_EQ(next, count);
}

void expect_once_in_order(const std::vector<std::string>& messages, std::size_t count) {
  ASSERT_EQ(messages.size(), count);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(messages[i], std::to_string(i));
}

TEST(RedisBusStream, CarriesBothLanes) {
  RedisServer redis;
  RunningBus one(stream_options(1, redis));
  RunningBus two(stream_options(2, redis));
  one.await_up();
  two.await_up();
  EXPECT_FALSE(one->one_path());
  one.publish(Lane::kOrdered, "for all");
  one.publish(Lane::kOrdered, "for two", 2);
  one.publish(Lane::kOrdered, "for one", 1);
  EXPECT_THAT(one.await_messages(2), ElementsAre("for all", "for one"));
  EXPECT_THAT(two.await_messages(2), ElementsAre("for all", "for two"));
  one.publish(Lane::kDirect, "direct", 2);
  EXPECT_THAT(two.await_messages(3), ElementsAre("for all", "for two", "direct"));
  EXPECT_THAT(two.lanes(), ElementsAre(Lane::kOrdered, Lane::kOrdered, Lane::kDirect));
}

TEST(RedisBusStream, BeginsAfterWhatWasThereBefore) {
  RedisServer redis;
  RespClient hand(redis.port());
  hand.ask({"XADD", "crier:stream", "*", "t", "0", "m", "old"});
  RunningBus bus(stream_options(1, redis));
  bus.await_up();
  bus.publish(Lane::kOrdered, "new");
  EXPECT_THAT(bus.await_messages(1), ElementsAre("new"));
}

TEST(RedisBusStream, KeepsTheOrderOfManyMessages) {
  RedisServer redis;
  RunningBus one(stream_options(1, redis));
  RunningBus two(stream_options(2, redis));
  one.await_up();
  two.await_up();
  const std::size_t count = testing::scaled(50'000);
  for (std::size_t i = 0; i < count; ++i) one.publish(Lane::kOrdered, std::to_string(i));
  expect_once_in_order(two.await_messages(count), count);
}

TEST(RedisBusStream, ReadsOnWhereItWasWhenItWasCutOff) {
  RedisServer redis;
  RunningBus one(stream_options(1, redis));
  one.await_up();
  RespClient hand(redis.port());
  RunningBus two(stream_options(2, redis));
  two.await_up();
  constexpr std::size_t kCount = 3000;
  for (std::size_t i = 0; i < kCount; ++i) {
    // Everybody but the hand itself is cut off, again and again.
    if (i % 1000 == 500) hand.ask({"CLIENT", "KILL", "TYPE", "normal"});
    hand.ask({"XADD", "crier:stream", "*", "t", "0", "m", std::to_string(i)});
  }
  expect_once_in_order(two.await_messages(kCount), kCount);
  expect_once_in_order(one.await_messages(kCount), kCount);
  EXPECT_GE(two.losses(Loss::kClosed), 1U);
}

TEST(RedisBusStream, SendsAgainWhatWasNotConfirmed) {
  RedisServer redis;
  RunningBus one(stream_options(1, redis));
  RunningBus two(stream_options(2, redis));
  one.await_up();
  two.await_up();
  RespClient hand(redis.port());
  constexpr std::size_t kCount = 3000;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (i % 1000 == 500) hand.ask({"CLIENT", "KILL", "TYPE", "normal"});
    one.publish(Lane::kOrdered, std::to_string(i));
  }
  two.await_message(std::to_string(kCount - 1));
  expect_all_in_order(two.messages(), kCount);
  EXPECT_GE(one.losses(Loss::kClosed), 1U);
}

TEST(RedisBusStream, QueuesWhileRedisIsAway) {
  RedisServer redis({"--appendonly", "yes", "--appendfsync", "always"});
  RunningBus one(stream_options(1, redis));
  RunningBus two(stream_options(2, redis));
  one.await_up();
  two.await_up();
  one.publish(Lane::kOrdered, "0");
  two.await_message("0");
  redis.kill();
  one.await_down();
  EXPECT_EQ(one.ask(Lane::kOrdered, "1"), Outcome::kUnconfirmed);
  EXPECT_EQ(one.ask(Lane::kOrdered, "2"), Outcome::kUnconfirmed);
  EXPECT_EQ(one.ask(Lane::kDirect, "now or never"), Outcome::kDown);
  redis.start();
  two.await_message("2");
  one.publish(Lane::kOrdered, "3");
  two.await_message("3");
  expect_all_in_order(two.messages(), 4);
}

TEST(RedisBusStream, QueuesNoMoreThanItsBacklog) {
  RedisServer redis;
  Options options = stream_options(1, redis);
  options.max_backlog_bytes = 10'000;
  RunningBus bus(options);
  bus.await_up();
  redis.kill();
  bus.await_down();
  int queued = 0;
  while (bus.ask(Lane::kOrdered, std::to_string(queued)) == Outcome::kUnconfirmed) ++queued;
  EXPECT_LT(queued, 10'000 / 50);
  EXPECT_LE(bus->stats().backlog_bytes, 10'000U);
  redis.start();
  bus.await_connects(2);
  EXPECT_TRUE(testing::await([&] { return bus->stats().backlog_bytes == 0; }));
  bus.await_message(std::to_string(queued - 1));
  expect_all_in_order(bus.messages(), static_cast<std::size_t>(queued));
}

TEST(RedisBusStream, KeepsTheStreamShort) {
  RedisServer redis;
  Options options = stream_options(1, redis);
  options.stream_max_entries = 100;
  RunningBus bus(options);
  bus.await_up();
  for (int i = 0; i < 2000; ++i) bus.publish(Lane::kOrdered, std::to_string(i));
  EXPECT_TRUE(testing::await([&] { return bus->stats().backlog_bytes == 0; }));
  RespClient hand(redis.port());
  const std::string length = hand.ask({"XLEN", "crier:stream"});
  EXPECT_LT(std::stoi(length.substr(1)), 500) << length;
}

TEST(RedisBusStream, PassesOverAnEntryThatIsTooLarge) {
  RedisServer redis;
  Options options = stream_options(1, redis);
  options.max_message_bytes = 100'000;
  RunningBus bus(options);
  bus.await_up();
  RespClient hand(redis.port());
  hand.ask({"XADD", "crier:stream", "*", "t", "0", "m", "before"});
  hand.ask({"XADD", "crier:stream", "*", "t", "0", "m", std::string(3'000'000, 'x')});
  hand.ask({"XADD", "crier:stream", "*", "t", "0", "m", "after"});
  bus.await_message("after");
  EXPECT_THAT(bus.messages(), ElementsAre("before", "after"));
  EXPECT_EQ(bus.losses(Loss::kProtocol), 1U);
  // Neither does it keep anybody from coming up.
  hand.ask({"XADD", "crier:stream", "*", "t", "0", "m", std::string(3'000'000, 'x')});
  options.node = 2;
  RunningBus late(options);
  late.await_up();
  EXPECT_EQ(late.losses(Loss::kProtocol), 0U);
}

TEST(RedisBusStream, PassesOverWhatSomebodyElseAdded) {
  RedisServer redis;
  RunningBus bus(stream_options(1, redis));
  bus.await_up();
  RespClient hand(redis.port());
  hand.ask({"XADD", "crier:stream", "*", "some", "thing"});
  hand.ask({"XADD", "crier:stream", "*", "t", "x", "m", "y"});
  hand.ask({"XADD", "crier:stream", "*", "t", "1", "p", "a made up nonce"});
  hand.ask({"XADD", "crier:stream", "*", "t", "1", "m", "a message"});
  EXPECT_THAT(bus.await_messages(1), ElementsAre("a message"));
  EXPECT_EQ(bus->stats().connects, 1U);
}

TEST(RedisBusStream, BeginsAnewWhereRedisIsNotWhatItWas) {
  RedisServer redis;
  RespClient future(redis.port());
  RunningBus bus(stream_options(1, redis));
  bus.await_up();
  // As if Redis' clock had been ahead: what comes after the restart has smaller ids.
  future.ask({"XADD", "crier:stream", "99999999999999-0", "t", "0", "m", "ahead"});
  bus.await_message("ahead");
  redis.kill();
  bus.await_down();
  redis.start();
  bus.await_connects(2);
  bus.await_log("from the beginning");
  bus.publish(Lane::kOrdered, "later");
  bus.await_message("later");
}

TEST(RedisBusStream, BringsNothingMoreUntilItIsResumedAndLosesNothing) {
  RedisServer redis;
  RunningBus bus(stream_options(1, redis));
  bus.await_up();
  constexpr std::size_t kCount = 2000;
  bus.pause_at_each(true);
  for (std::size_t i = 0; i < kCount; ++i) bus.publish(Lane::kOrdered, std::to_string(i));
  for (std::size_t i = 1; i < 10; ++i) {
    EXPECT_EQ(bus.await_messages(i).size(), i);
    bus.resume();
  }
  bus.await_messages(10);
  // Cut off in between, it goes on behind what was given.
  RespClient hand(redis.port());
  hand.ask({"CLIENT", "KILL", "TYPE", "normal"});
  bus.await_loss(Loss::kClosed);
  bus.pause_at_each(false);
  bus.resume();
  bus.await_message(std::to_string(kCount - 1));
  expect_all_in_order(bus.messages(), kCount);
}

TEST(RedisBusStream, IsNotUpWhereTheStreamDoesNotWork) {
  RedisServer redis;
  RespClient hand(redis.port());
  hand.ask({"SET", "crier:stream", "not a stream"});
  RunningBus bus(stream_options(1, redis));
  bus.await_log("WRONGTYPE");
  EXPECT_FALSE(bus->up());
  hand.ask({"DEL", "crier:stream"});
  bus.await_up();
}

TEST(RedisBusStream, IsNotUpWhereWhatItAddsDoesNotComeBack) {
  RedisServer redis;
  RespClient hand(redis.port());
  // After the last possible id Redis takes no entry any more.
  hand.ask({"XADD", "crier:stream", "18446744073709551615-18446744073709551615", "a", "b"});
  Options options = stream_options(1, redis);
  options.probe_timeout = std::chrono::milliseconds(200);
  RunningBus bus(options);
  bus.await_loss(Loss::kNoEcho, 2);
  bus.await_log("what this node adds to the stream does not come back");
  EXPECT_GE(bus->stats().echo.count(), 1U);
  EXPECT_EQ(bus->stats().connects, 0U);
}

}  // namespace
}  // namespace crier::services::bus::redis
