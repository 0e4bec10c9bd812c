// Listeners that ask who somebody is before they let him in.
#include <algorithm>
#include <map>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_client.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

// Knows some tokens, and every certificate.
class KnownTokens final : public Authenticator {
 public:
  Outcome check_token(std::string_view token) override {
    const auto found = tokens.find(std::string(token));
    if (found == tokens.end()) return AuthProblem::kUnknown;
    return found->second;
  }
  Outcome check_certificate(std::string_view subject,
                            std::chrono::system_clock::time_point expires) override {
    if (subject.empty()) return AuthProblem::kNoSubject;
    return Identity{std::string(subject), {}, expires - ahead};
  }

  std::chrono::seconds ahead{0};  // of the clock by which certificates expire
  std::map<std::string, Identity> tokens;
};

class AuthenticationTest : public DataplaneTest {
 protected:
  AuthenticationTest() {
    known_->tokens["sesame"] = {"meter-7", {{"site", "north"}}, {}};
    known_->tokens["other"] = {"meter-8", {}, {}};
  }
  static ListenerConfig asking() {
    ListenerConfig listener = loopback_listener("default", "echo");
    listener.authentication = Authentication::kToken;
    listener.handshake_timeout = std::chrono::minutes(1);
    return listener;
  }
  RunningDataplane& start_asking(const Config& config) {
    return start(config, [&](Dataplane& plane) { plane.use_authenticator(0, known_); });
  }
  RunningDataplane& start_asking(const ListenerConfig& listener) {
    return start_asking(config_of({listener}));
  }

  static ListenerConfig asking_for_certificates() {
    ListenerConfig listener = asking();
    listener.authentication = Authentication::kCertificate;
    listener.tls = true;
    return listener;
  }
  RunningDataplane& start_asking_for_certificates(const ListenerConfig& listener,
                                                  const Certificates& certificates) {
    const auto pair = certificates.make("localhost");
    return start(listener, [&](Dataplane& plane) {
      plane.use_authenticator(0, known_);
      plane.use_tls(0, std::get<TlsContextPtr>(TlsContext::load({pair.cert_file, pair.key_file,
                                                                 ClientCertificates::kOptional,
                                                                 certificates.ca_file()})));
    });
  }

  const std::shared_ptr<KnownTokens> known_ = std::make_shared<KnownTokens>();
};

TEST_F(AuthenticationTest, TheFirstFrameIsTheToken) {
  auto& plane = start_asking(asking());
  TcpClient client(plane.address());
  client.send("sesame\r\nhello\n");
  EXPECT_EQ(client.read_line(), "hello\n") << "what follows the token is the client's own";
  const auto clients = plane.list_all();
  ASSERT_EQ(clients.size(), 1U);
  ASSERT_TRUE(clients[0].identity);
  EXPECT_EQ(clients[0].identity->subject, "meter-7");
  EXPECT_EQ(clients[0].identity->labels.at(0).second, "north");
  EXPECT_EQ(clients[0].received_frames, 1U) << "the token is no message";
}

TEST_F(AuthenticationTest, EverySplitOfTokenAndFramesGivesTheSame) {
  auto& plane = start_asking(asking());
  const std::string stream = "sesame\none\ntwo\n";
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    TcpClient client(plane.address());
    client.send(stream.substr(0, at));
    if (at < 7) {
      plane.await_stats([](const Stats& stats) { return stats.listeners[0].handshaking == 1; });
    }
    client.send(stream.substr(at));
    client.finish();
    EXPECT_EQ(client.read_to_end(), "one\ntwo\n") << at;
  }
}

TEST_F(AuthenticationTest, WhoDoesNotKnowItIsTurnedAwayWithoutAWord) {
  auto& plane = start_asking(asking());
  TcpClient client(plane.address());
  client.send("open up\n");
  EXPECT_EQ(client.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAuthFailed);
  EXPECT_EQ(plane->stats().listeners[0].accepted, 0U);
}

TEST_F(AuthenticationTest, TheLogIsToldWhy) {
  std::vector<RejectedClient> rejected;
  std::mutex mutex;
  auto& plane = start(asking(), [&](Dataplane& starting) {
    starting.use_authenticator(0, known_);
    starting.on_rejected([&](const RejectedClient& client) {
      const std::lock_guard lock(mutex);
      rejected.push_back(client);
    });
  });
  TcpClient client(plane.address());
  client.send("open up\n");
  EXPECT_EQ(client.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAuthFailed);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(rejected.size(), 1U);
  EXPECT_EQ(rejected[0].detail, "unknown credentials");
}

TEST_F(AuthenticationTest, NothingIsSentBeforeIt) {
  auto& plane = start_asking(asking());
  TcpClient client(plane.address());
  client.send("sesa");
  plane.await_stats([](const Stats& stats) { return stats.listeners[0].handshaking == 1; });
  EXPECT_EQ(plane.broadcast("secret").matched, 0U);
  client.send("me\n");
  plane.await_connections(1);
  EXPECT_EQ(plane.broadcast("public").matched, 1U);
  EXPECT_EQ(client.read_line(), "public\n");
}

TEST_F(AuthenticationTest, NoMoreThan4KiBAreKept) {
  auto& plane = start_asking(asking());
  TcpClient client(plane.address());
  client.send(std::string(4'096, 'x'));
  EXPECT_EQ(client.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAuthMalformed);
}

TEST_F(AuthenticationTest, WhoSaysNothingIsNotWaitedForForEver) {
  ListenerConfig listener = asking();
  listener.handshake_timeout = milliseconds(50);
  auto& plane = start_asking(listener);
  TcpClient silent(plane.address());
  EXPECT_EQ(silent.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAuthIncomplete);
}

TEST_F(AuthenticationTest, ATenthOfTheConnectionsMayBeInTheirHandshake) {
  ListenerConfig listener = asking();
  listener.max_connections = 1'000;
  auto& plane = start_asking(listener);
  std::vector<std::unique_ptr<TcpClient>> silent;
  for (int i = 0; i < 101; ++i) silent.push_back(std::make_unique<TcpClient>(plane.address()));
  plane.await_stats(
      [](const Stats& stats) { return rejected(stats, RejectReason::kHandshakeFull) == 1; });
  EXPECT_EQ(plane->stats().listeners[0].handshaking, 100U);
  // As one of them leaves, another may try.
  silent.front()->send("sesame\n");
  plane.await_connections(1);
  TcpClient next(plane.address());
  next.send("other\nhello\n");
  EXPECT_EQ(next.read_line(), "hello\n");
}

// Nor may one address take all of these places.
TEST_F(AuthenticationTest, TheBoundOfAnAddressHoldsDuringTheHandshake) {
  ListenerConfig listener = asking();
  listener.max_connections_per_address = 2;
  Config config = config_of({listener});
  config.shards = 1;  // so that whoever comes third is counted third
  auto& plane = start_asking(config);
  TcpClient silent(plane.address());
  auto goes = std::make_unique<TcpClient>(plane.address());
  plane.await_stats([](const Stats& stats) { return stats.listeners[0].handshaking == 2; });
  EXPECT_EQ(TcpClient(plane.address()).read_to_any_end(), "");
  plane.await_stats(
      [](const Stats& stats) { return rejected(stats, RejectReason::kAddressLimit) == 1; });
  // Whoever goes before its handshake ends leaves room, and whoever ends it does not count twice.
  goes.reset();
  plane.await_stats(
      [](const Stats& stats) { return rejected(stats, RejectReason::kAuthIncomplete) == 1; });
  silent.send("sesame\n");
  plane.await_connections(1);
  TcpClient second(plane.address());
  second.send("other\nhello\n");
  EXPECT_EQ(second.read_line(), "hello\n");
}

TEST_F(AuthenticationTest, ASubjectHasAtMostSoManyClients) {
  ListenerConfig listener = asking();
  listener.max_connections_per_identity = 2;
  listener.max_connections_per_address = 3;
  auto& plane = start_asking(listener);
  const auto connect = [&](const char* token) {
    auto client = std::make_unique<TcpClient>(plane.address());
    client->send(std::string(token) + "\n");
    return client;
  };
  auto first = connect("sesame");
  plane.await_connections(1);
  auto second = connect("sesame");
  plane.await_connections(2);
  EXPECT_EQ(connect("sesame")->read_to_any_end(), "");
  await_rejected(plane, RejectReason::kIdentityLimit);
  auto other = connect("other");
  plane.await_connections(3);
  first->finish();
  EXPECT_EQ(first->read_to_end(), "");
  plane.await_connections(2);
  auto again = connect("sesame");
  plane.await_connections(3);
}

TEST_F(AuthenticationTest, ExpiredCredentialsEndTheConnectionAfterTheGrace) {
  ListenerConfig listener = asking();
  listener.expiry_grace = milliseconds(100);
  known_->tokens["brief"] = {"meter-9", {}, std::chrono::system_clock::now()};
  auto& plane = start_asking(listener);
  TcpClient client(plane.address());
  client.send("brief\nhello\n");
  EXPECT_EQ(client.read_line(), "hello\n");
  EXPECT_EQ(client.read_to_end(), "");
  client.close();
  plane.await_closed(CloseReason::kAuthExpired);
}

TEST_F(AuthenticationTest, ACertificateTellsWhoItIs) {
  const Certificates certificates;
  auto& plane = start_asking_for_certificates(asking_for_certificates(), certificates);
  const auto meter = certificates.make("meter-7");
  {
    TlsClient client(plane.address(), {certificates.ca_file(), meter.cert_file, meter.key_file});
    client.send("hello\n");
    EXPECT_EQ(client.read_line(), "hello\n");
    EXPECT_EQ(plane.list_all().at(0).identity->subject, "CN=meter-7");
  }
  TlsClient nobody(plane.address(), {certificates.ca_file(), {}, {}});
  EXPECT_EQ(nobody.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAuthFailed);
}

TEST_F(AuthenticationTest, AClientStaysNoLongerThanItsCertificateHolds) {
  const Certificates certificates;
  ListenerConfig listener = asking_for_certificates();
  listener.expiry_grace = milliseconds(100);
  auto& plane = start_asking_for_certificates(listener, certificates);
  const auto meter = certificates.make({"meter-7", std::chrono::hours(1), false});
  const TlsClient::Options options{certificates.ca_file(), meter.cert_file, meter.key_file};
  TlsClient early(plane.address(), options);
  early.send("hello\n");
  EXPECT_EQ(early.read_line(), "hello\n");
  const auto expires = plane.list_all().at(0).identity->expires.value();
  const auto left = expires - std::chrono::system_clock::now();
  EXPECT_LE(left, std::chrono::hours(1));
  EXPECT_GT(left, std::chrono::minutes(50));

  known_->ahead = std::chrono::hours(1);
  TlsClient late(plane.address(), options);
  late.send("hello\n");
  EXPECT_EQ(late.read_line(), "hello\n");
  EXPECT_EQ(late.read_to_any_end(), "");
  plane.await_closed(CloseReason::kAuthExpired);
  early.send("still here\n");
  EXPECT_EQ(early.read_line(), "still here\n");
}

TEST_F(AuthenticationTest, ATokenComesThroughTlsAndBehindAProxy) {
  const Certificates certificates;
  ListenerConfig listener = asking();
  listener.tls = true;
  listener.proxy_protocol = ProxyProtocol::kRequired;
  listener.proxy_trusted = "127.0.0.0/8";
  auto& plane = start(config_of({listener, loopback_listener("plain")}), [&](Dataplane& starting) {
    const auto pair = certificates.make("localhost");
    starting.use_authenticator(0, known_);
    starting.use_tls(
        0, std::get<TlsContextPtr>(TlsContext::load({pair.cert_file, pair.key_file, {}, {}})));
  });
  TlsClient::Options options;
  options.preamble = "PROXY TCP4 192.0.2.1 198.51.100.2 40000 8082\r\n";
  TlsClient client(plane.address(), options);
  client.send("sesame\nhello\n");
  EXPECT_EQ(client.read_line(), "hello\n");
  const auto clients = plane.list_all();
  ASSERT_EQ(clients.size(), 1U);
  EXPECT_EQ(clients[0].remote_address, "192.0.2.1:40000");
  EXPECT_EQ(clients[0].identity->subject, "meter-7");
}

TEST_F(AuthenticationTest, WithoutAnAuthenticatorItDoesNotStart) {
  EXPECT_THROW(start(asking()), std::runtime_error);
}

TEST_F(AuthenticationTest, AStopEndsHandshakes) {
  auto& plane = start_asking(asking());
  TcpClient waiting(plane.address());
  plane.await_stats([](const Stats& stats) { return stats.listeners[0].handshaking == 1; });
  plane->stop();
  EXPECT_EQ(waiting.read_to_any_end(), "");
  EXPECT_EQ(rejected(plane->stats(), RejectReason::kStopping), 1U);
}

}  // namespace
}  // namespace crier::testing
