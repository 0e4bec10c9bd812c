#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/services/bus/fake_redis.hpp"
#include "tests/services/bus/running_bus.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/resp_client.hpp"

namespace crier::services::bus::redis {
namespace {

using testing::RedisServer;
using testing::RespClient;

std::string monitor(std::uint16_t port) {
  return "sentinel monitor main 127.0.0.1 " + std::to_string(port) + " 1\n";
}

RedisServer::Options sentinel_of(std::uint16_t port) {
  return {.arguments = {},
          .sentinel = true,
          .configuration = monitor(port),
          .tls = false,
          .started = true};
}

Options options_of(const RedisServer& sentinel, const std::string& master = "main") {
  Options options = options_for(1, sentinel.port());
  options.sentinel_master = master;
  return options;
}

TEST(RedisBusSentinel, DialsTheMasterThatTheSentinelNames) {
  RedisServer redis;
  RedisServer sentinel(sentinel_of(redis.port()));
  RunningBus bus(options_of(sentinel));
  bus.await_up();
  bus.await_log("connected to Redis 127.0.0.1:" + std::to_string(redis.port()));
}

TEST(RedisBusSentinel, FollowsTheMaster) {
  RedisServer first;
  RedisServer second;
  RedisServer sentinel(sentinel_of(first.port()));
  RunningBus bus(options_of(sentinel));
  bus.await_up();
  RespClient hand(sentinel.port());
  EXPECT_EQ(hand.ask({"SENTINEL", "REMOVE", "main"}), "OK");
  EXPECT_EQ(
      hand.ask({"SENTINEL", "MONITOR", "main", "127.0.0.1", std::to_string(second.port()), "1"}),
      "OK");
  first.kill();
  bus.await_connects(2);
  bus.await_log("connected to Redis 127.0.0.1:" + std::to_string(second.port()));
}

TEST(RedisBusSentinel, AsksTheNextSentinelWhereOneIsGone) {
  RedisServer redis;
  RedisServer sentinel(sentinel_of(redis.port()));
  Options options = options_of(sentinel);
  options.endpoints.insert(options.endpoints.begin(),
                           {.host = "127.0.0.1", .port = testing::free_port()});
  RunningBus bus(options);
  bus.await_up();
}

TEST(RedisBusSentinel, IsALossWhereNobodyKnowsTheMaster) {
  RedisServer redis;
  RedisServer sentinel(sentinel_of(redis.port()));
  RunningBus bus(options_of(sentinel, "unknown"));
  bus.await_loss(Loss::kConnect, 2);
  bus.await_log("knows no master unknown");
}

TEST(RedisBusSentinel, RefusesAReplica) {
  RedisServer master;
  RedisServer replica({"--replicaof", "127.0.0.1 " + std::to_string(master.port())});
  FakeRedis sentinel([&](const FakeRedis::Words&) {
    return "*2\r\n" + bulk("127.0.0.1") + bulk(std::to_string(replica.port()));
  });
  Options options = options_for(1, sentinel.port());
  options.sentinel_master = "main";
  RunningBus bus(options);
  bus.await_log("is not the master");
  EXPECT_FALSE(bus->up());
}

TEST(RedisBusSentinel, GivesASentinelThePasswordWhereItAsksForOne) {
  RedisServer redis({"--requirepass", "secret"});
  RedisServer::Options with_password = sentinel_of(redis.port());
  with_password.configuration += "requirepass secret\nsentinel auth-pass main secret\n";
  RedisServer sentinel(with_password);
  Options options = options_of(sentinel);
  options.password = "secret";
  RunningBus bus(options);
  bus.await_up();
}

TEST(RedisBusSentinel, BelievesNoNonsense) {
  for (const std::string& answer :
       {std::string(":1\r\n"), "*2\r\n" + bulk("") + bulk("1"), "*2\r\n" + bulk("x") + bulk("0"),
        "*2\r\n" + bulk("x") + bulk("65536"), "*1\r\n" + bulk("x")}) {
    FakeRedis sentinel([&](const FakeRedis::Words&) { return answer; });
    Options options = options_for(1, sentinel.port());
    options.sentinel_master = "main";
    RunningBus bus(options);
    bus.await_loss(Loss::kProtocol);
  }
}

}  // namespace
}  // namespace crier::services::bus::redis
