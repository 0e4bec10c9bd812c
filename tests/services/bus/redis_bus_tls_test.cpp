#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "tests/services/bus/running_bus.hpp"
#include "tests/support/redis_server.hpp"

namespace crier::services::bus::redis {
namespace {

using testing::RedisServer;
using testing::run_program;
using testing::TemporaryFolder;

// An authority, and what it and another one have signed.
class RedisBusTls : public ::testing::Test {
 protected:
  RedisBusTls() {
    make_authority("ca");
    make_authority("other");
    make_certificate("server", "ca");
    make_certificate("client", "ca");
  }

  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }

  [[nodiscard]] RedisServer::Options server(const std::string& auth_clients) const {
    return {
        .arguments = {"--tls-cert-file", file("server.crt"), "--tls-key-file", file("server.key"),
                      "--tls-ca-cert-file", file("ca.crt"), "--tls-auth-clients", auth_clients},
        .sentinel = false,
        .configuration = {},
        .tls = true,
        .started = true};
  }
  // The certificate is for redis.test.
  [[nodiscard]] Options options(const RedisServer& redis, Mode mode = Mode::kPubSub) const {
    Options options = options_for(1, redis.port(), mode);
    options.tls.enabled = true;
    options.tls.ca_file = file("ca.crt");
    options.tls.server_name = "redis.test";
    return options;
  }

 private:
  void make_authority(const std::string& name) const {
    run_program({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                 "-keyout", file(name + ".key"), "-out", file(name + ".crt")});
  }
  void make_certificate(const std::string& name, const std::string& authority) const {
    std::ofstream(file("extensions")) << "subjectAltName=DNS:redis.test\n";
    run_program({"/usr/bin/openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-subj", "/CN=" + name, "-keyout", file(name + ".key"), "-out",
                 file(name + ".csr")});
    run_program({"/usr/bin/openssl", "x509", "-req", "-in", file(name + ".csr"), "-CA",
                 file(authority + ".crt"), "-CAkey", file(authority + ".key"), "-CAcreateserial",
                 "-days", "2", "-extfile", file("extensions"), "-out", file(name + ".crt")});
  }

  TemporaryFolder folder_;
};

TEST_F(RedisBusTls, CarriesMessages) {
  RedisServer redis(server("no"));
  for (const Mode mode : {Mode::kPubSub, Mode::kStream}) {
    RunningBus bus(options(redis, mode));
    bus.await_up();
    const std::string large(1U << 20U, 'x');
    bus.publish(Lane::kOrdered, large);
    bus.publish(Lane::kDirect, "small");
    bus.await_message(large);
    bus.await_message("small");
  }
}

TEST_F(RedisBusTls, RefusesAnAuthorityItDoesNotKnow) {
  RedisServer redis(server("no"));
  Options wrong = options(redis);
  wrong.tls.ca_file = file("other.crt");
  RunningBus bus(wrong);
  bus.await_loss(Loss::kConnect, 2);
  bus.await_log("certificate verify failed");
  EXPECT_EQ(bus->stats().connects, 0U);
}

TEST_F(RedisBusTls, KnowsTheAuthoritiesOfTheSystemOnly) {
  RedisServer redis(server("no"));
  Options wrong = options(redis);
  wrong.tls.ca_file.clear();
  RunningBus bus(wrong);
  bus.await_log("certificate verify failed");
}

TEST_F(RedisBusTls, RefusesACertificateForAnotherName) {
  RedisServer redis(server("no"));
  Options wrong = options(redis);
  wrong.tls.server_name = "other.test";
  RunningBus other(wrong);
  wrong.tls.server_name.clear();  // then the host that is dialled, which is an address
  RunningBus dialled(wrong);
  other.await_loss(Loss::kConnect, 2);
  dialled.await_loss(Loss::kConnect, 2);
  EXPECT_EQ(other->stats().connects, 0U);
  EXPECT_EQ(dialled->stats().connects, 0U);
}

TEST_F(RedisBusTls, ShowsItsOwnCertificate) {
  RedisServer redis(server("yes"));
  RunningBus without(options(redis));
  without.await_loss(Loss::kConnect, 2);
  Options with = options(redis);
  with.tls.cert_file = file("client.crt");
  with.tls.key_file = file("client.key");
  RunningBus bus(with);
  bus.await_up();
  EXPECT_EQ(without->stats().connects, 0U);
}

TEST_F(RedisBusTls, SaysWhichFileCannotBeUsed) {
  RedisServer redis(server("no"));
  Options wrong = options(redis);
  wrong.tls.ca_file = file("missing.crt");
  RunningBus no_authority(wrong);
  no_authority.await_log("missing.crt");
  wrong = options(redis);
  wrong.tls.cert_file = file("missing.crt");
  wrong.tls.key_file = file("client.key");
  RunningBus no_certificate(wrong);
  no_certificate.await_log("the certificate in");
  wrong.tls.cert_file = file("client.crt");
  wrong.tls.key_file = file("server.key");
  RunningBus wrong_key(wrong);
  wrong_key.await_log("the key in");
}

TEST_F(RedisBusTls, AsksNobodyForAPassPhrase) {
  run_program({"/usr/bin/openssl", "ec", "-in", file("client.key"), "-aes128", "-passout",
               "pass:secret", "-out", file("locked.key")});
  RedisServer redis(server("no"));
  Options wrong = options(redis);
  wrong.tls.cert_file = file("client.crt");
  wrong.tls.key_file = file("locked.key");
  RunningBus bus(wrong);
  bus.await_log("locked.key cannot be used: it has a pass phrase");
}

TEST_F(RedisBusTls, DoesNotSpeakToAServerWithoutTls) {
  RedisServer redis;
  Options with_tls = options(redis);
  // Redis waits for the end of what it takes for a command.
  with_tls.connect_timeout = std::chrono::milliseconds(100);
  RunningBus bus(with_tls);
  bus.await_loss(Loss::kConnect, 2);
}

}  // namespace
}  // namespace crier::services::bus::redis
