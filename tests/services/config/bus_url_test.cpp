#include "services/config/bus_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crier::services::config {
namespace {

using ::testing::HasSubstr;

// The addresses as text, in order.
std::vector<std::string> hosts_of(std::string_view text) {
  const auto url = parse_bus_url(text, 6379);
  if (const auto* error = std::get_if<BusUrlError>(&url)) {
    ADD_FAILURE() << text << ": " << error->reason;
    return {};
  }
  std::vector<std::string> hosts;
  for (const auto& endpoint : std::get<BusUrl>(url).endpoints) {
    hosts.push_back(endpoint.host + " " + std::to_string(endpoint.port));
  }
  return hosts;
}

std::string refused(std::string_view text) {
  const auto url = parse_bus_url(text, 6379);
  const auto* error = std::get_if<BusUrlError>(&url);
  EXPECT_NE(error, nullptr) << "accepted: " << text;
  return error == nullptr ? "" : error->reason;
}

BusUrl parsed(std::string_view text) {
  return std::get<BusUrl>(parse_bus_url(text, 6379));
}

using Hosts = std::vector<std::string>;

TEST(BusUrl, NamesOneHostOrMany) {
  EXPECT_EQ(hosts_of("redis://redis"), Hosts{"redis 6379"});
  EXPECT_EQ(hosts_of("redis://redis:7000"), Hosts{"redis 7000"});
  EXPECT_EQ(hosts_of("redis://10.0.0.1,[fe80::1]:65535,redis-0.redis.svc:1"),
            (Hosts{"10.0.0.1 6379", "fe80::1 65535", "redis-0.redis.svc 1"}));
  EXPECT_EQ(hosts_of("redis://a_b.,A-1"), (Hosts{"a_b. 6379", "A-1 6379"}));
  EXPECT_EQ(hosts_of("redis://" + std::string(253, 'n')), Hosts{std::string(253, 'n') + " 6379"});
}

TEST(BusUrl, TheSchemeSaysWhetherThereIsTls) {
  EXPECT_FALSE(parsed("redis://redis").tls);
  EXPECT_TRUE(parsed("rediss://redis").tls);
  for (const char* text : {"", "redis", "redis:", "redis:/redis", "REDIS://redis", "http://redis",
                           "redis+tls://redis", " redis://redis"}) {
    EXPECT_THAT(refused(text), HasSubstr("must begin with redis://")) << text;
  }
}

TEST(BusUrl, TheDatabaseIsANumber) {
  EXPECT_EQ(parsed("redis://redis").database, 0U);
  EXPECT_EQ(parsed("redis://redis/0").database, 0U);
  EXPECT_EQ(parsed("redis://a,b/999").database, 999U);
  for (const char* text :
       {"redis://redis/", "redis://redis/1000", "redis://redis/-1", "redis://redis/01",
        "redis://redis/x", "redis://redis/1/2", "redis://redis/1?a=b", "redis://redis/1,b"}) {
    EXPECT_THAT(refused(text), HasSubstr("is not a database")) << text;
  }
}

TEST(BusUrl, UsersAndPasswordsAreRefusedAndNotQuoted) {
  for (const char* text : {"redis://user:hunter2@redis", "redis://:hunter2@redis", "redis://@redis",
                           "redis://a,u:hunter2@b", "hunter2@redis", "redis://redis/1@hunter2"}) {
    EXPECT_EQ(refused(text),
              "has a user or a password, which logs would show; use 'bus.username' and "
              "'bus.password_file'")
        << text;
  }
}

TEST(BusUrl, HostsThatNobodyCanDialAreRefused) {
  for (const char* text :
       {"redis://",        "redis:///0",         "redis://:6379",      "redis://a,",
        "redis://,a",      "redis://a,,b",       "redis://10.0.0",     "redis://10.0.0.256",
        "redis://1",       "redis://a..b",       "redis://.a",         "redis://-a",
        "redis://a?b",     "redis://a#b",        "redis://a%20b",      "redis://[::1",
        "redis://[]",      "redis://[10.0.0.1]", "redis://[::1%eth0]", "redis://::1",
        "redis://\xc3\xa9"}) {
    EXPECT_THAT(refused(text), HasSubstr("is not a host")) << text;
  }
  EXPECT_THAT(refused("redis://" + std::string(254, 'n')), HasSubstr("is not a host"));
}

TEST(BusUrl, PortsAreFromOneOn) {
  for (const char* text :
       {"redis://a:", "redis://a:0", "redis://a:65536", "redis://a:-1", "redis://a:06379",
        "redis://a:x", "redis://a:1:2", "redis://[::1]6379", "redis://[::1]:", "redis://[::1]]"}) {
    EXPECT_THAT(refused(text), HasSubstr("is not a port")) << text;
  }
}

TEST(BusUrl, ASentinelHasAPortOfItsOwn) {
  EXPECT_EQ(default_bus_port(false), 6379);
  EXPECT_EQ(default_bus_port(true), 26379);
}

}  // namespace
}  // namespace crier::services::config
