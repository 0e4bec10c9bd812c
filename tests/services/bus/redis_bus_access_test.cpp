#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/services/bus/running_bus.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/resp_client.hpp"

namespace crier::services::bus::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RedisServer;
using testing::RespClient;
using testing::TemporaryFolder;

void write(const std::string& file, const std::string& text) {
  // As it is replaced where it is mounted: never half written.
  std::ofstream(file + ".new") << text;
  std::filesystem::rename(file + ".new", file);
}

TEST(RedisBusAccess, GivesThePassword) {
  RedisServer redis({"--requirepass", "secret"});
  Options options = options_for(1, redis.port());
  options.password = "secret";
  RunningBus bus(options);
  bus.await_up();
  bus.publish(Lane::kOrdered, "x");
  bus.await_messages(1);
}

TEST(RedisBusAccess, IsALossWithAWrongPasswordAndWithNone) {
  RedisServer redis({"--requirepass", "secret"});
  Options options = options_for(1, redis.port());
  RunningBus none(options);
  options.password = "wrong\r\nword";
  RunningBus wrong(options);
  none.await_loss(Loss::kConnect, 2);
  wrong.await_loss(Loss::kConnect, 2);
  none.await_log("NOAUTH");
  wrong.await_log("WRONGPASS");
  EXPECT_THAT(wrong.logged(), Not(HasSubstr("wrong\r")));
  EXPECT_FALSE(none->up());
}

TEST(RedisBusAccess, ReadsThePasswordFileAtEachDial) {
  RedisServer redis({"--requirepass", "secret"});
  TemporaryFolder folder;
  Options options = options_for(1, redis.port());
  options.password = "not used";
  options.password_file = folder.file("password");
  RunningBus bus(options);
  bus.await_log("the password file " + options.password_file + " cannot be read");
  std::filesystem::create_directory(options.password_file);
  bus.await_loss(Loss::kConnect, bus.losses(Loss::kConnect) + 2);
  EXPECT_THAT(bus.logged(), Not(HasSubstr("says")));
  std::filesystem::remove(options.password_file);
  ASSERT_EQ(::mkfifo(options.password_file.c_str(), 0600), 0);
  bus.await_loss(Loss::kConnect, bus.losses(Loss::kConnect) + 2);
  std::filesystem::remove(options.password_file);
  write(options.password_file, "wrong\n");
  bus.await_log("WRONGPASS");
  write(options.password_file, "secret\n");
  bus.await_up();
}

TEST(RedisBusAccess, LogsInAsAUserWithFewRights) {
  RedisServer redis({"--user", "crier", "on", ">secret", "resetchannels", "&crier:*", "-@all",
                     "+publish", "+subscribe", "+auth", "--user", "default", "off"});
  Options options = options_for(1, redis.port());
  options.username = "crier";
  options.password = "secret";
  RunningBus bus(options);
  bus.await_up();
}

TEST(RedisBusAccess, IsALossWhereTheUserMayNotSubscribe) {
  RedisServer redis({"--user", "crier", "on", ">secret", "resetchannels", "&other:*", "+@all"});
  Options options = options_for(1, redis.port());
  options.username = "crier";
  options.password = "secret";
  RunningBus bus(options);
  bus.await_log("NOPERM");
  EXPECT_FALSE(bus->up());
}

TEST(RedisBusAccess, TellsDownWhatRedisRefuses) {
  RedisServer redis({"--user", "crier", "on", ">secret", "resetchannels", "&crier:all",
                     "&crier:node:0000000000001", "+@all"});
  Options options = options_for(1, redis.port());
  options.username = "crier";
  options.password = "secret";
  RunningBus bus(options);
  bus.await_up();
  EXPECT_EQ(bus.ask(Lane::kDirect, "x", 2), Outcome::kDown);
  bus.await_log("Redis refuses a message: NOPERM");
  bus.publish(Lane::kDirect, "y");
  bus.await_messages(1);
  EXPECT_EQ(bus->stats().connects, 1U);
}

TEST(RedisBusAccess, KeepsItsStreamInItsDatabase) {
  RedisServer redis;
  Options options = options_for(1, redis.port(), Mode::kStream);
  options.database = 3;
  options.prefix = "other";
  RunningBus bus(options);
  bus.await_up();
  RespClient hand(redis.port());
  EXPECT_EQ(hand.ask({"EXISTS", "other:stream"}), "(0)");
  EXPECT_EQ(hand.ask({"SELECT", "3"}), "OK");
  EXPECT_EQ(hand.ask({"EXISTS", "other:stream"}), "(1)");
}

TEST(RedisBusAccess, KeepsPrefixesApart) {
  RedisServer redis;
  Options options = options_for(1, redis.port());
  RunningBus one(options);
  options.prefix = "other";
  RunningBus other(options);
  one.await_up();
  other.await_up();
  one.publish(Lane::kOrdered, "of one");
  one.await_message("of one");
  other.publish(Lane::kOrdered, "of the other");
  EXPECT_THAT(other.await_messages(1), ElementsAre("of the other"));
  EXPECT_THAT(one.messages(), ElementsAre("of one"));
}

}  // namespace
}  // namespace crier::services::bus::redis
