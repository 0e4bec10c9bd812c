// Listeners that speak TLS: who gets in, what comes through, and what a full kernel does to it.
#include <openssl/ssl.h>

#include <fstream>
#include <future>
#include <iterator>

#include "dataplane/tls/tls_session.hpp"
#include "tests/integration/dataplane_fixture.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/tls_client.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

class TlsTest : public DataplaneTest {
 protected:
  static ListenerConfig secure(std::string processor = "echo") {
    ListenerConfig listener = loopback_listener("default", std::move(processor));
    listener.tls = true;
    listener.handshake_timeout = std::chrono::minutes(1);
    return listener;
  }
  TlsContextPtr context(const Certificates::Pair& pair,
                        ClientCertificates clients = ClientCertificates::kNone) {
    auto loaded =
        TlsContext::load({pair.cert_file, pair.key_file, clients, certificates_.ca_file()});
    if (const auto* problem = std::get_if<std::string>(&loaded)) throw std::runtime_error(*problem);
    return std::get<TlsContextPtr>(loaded);
  }
  RunningDataplane& start_secure(const ListenerConfig& listener,
                                 ClientCertificates clients = ClientCertificates::kNone) {
    return start(listener, [&](Dataplane& plane) {
      plane.use_tls(0, context(certificates_.make("localhost"), clients));
    });
  }
  [[nodiscard]] TlsClient::Options trusting() const {
    TlsClient::Options options;
    options.ca_file = certificates_.ca_file();
    return options;
  }

  const Certificates certificates_;
};

TEST_F(TlsTest, FramesGoBothWays) {
  auto& plane = start_secure(secure());
  TlsClient client(plane.address(), trusting());
  EXPECT_EQ(client.version(), "TLSv1.3");
  client.send("hello\nagain\n");
  EXPECT_EQ(client.read_line(), "hello\n");
  EXPECT_EQ(client.read_line(), "again\n");
  EXPECT_EQ(plane.broadcast("to all").queued, 1U);
  EXPECT_EQ(client.read_line(), "to all\n");
  const auto clients = plane.list_all();
  ASSERT_EQ(clients.size(), 1U);
  EXPECT_EQ(clients[0].tls_version, "TLSv1.3");
  EXPECT_EQ(clients[0].received_bytes, 12U) << "what TLS adds is not counted";
  EXPECT_EQ(clients[0].sent_bytes, 19U);
  client.finish();
  EXPECT_EQ(client.read_to_any_end(), "");
  plane.await_closed(CloseReason::kClientClosed);
}

TEST_F(TlsTest, WhatComesWithTheHandshakesLastBytesIsNotForgotten) {
  auto& plane = start_secure(secure());
  for (int i = 0; i < 50; ++i) {
    // The client's last handshake message and this often arrive in one segment.
    TlsClient client(plane.address(), trusting());
    client.send("first\n");
    EXPECT_EQ(client.read_line(), "first\n");
  }
}

// OpenSSL's own level of security refuses old versions, too; without it, only crier's minimum does.
TEST_F(TlsTest, TheOldestVersionIs12) {
  const TlsContextPtr lenient = context(certificates_.make("localhost"));
  ::SSL_CTX_set_security_level(lenient->native(), 0);
  ASSERT_EQ(::SSL_CTX_set_cipher_list(lenient->native(), "ALL:@SECLEVEL=0"), 1);
  EXPECT_EQ(::SSL_CTX_get_min_proto_version(lenient->native()), TLS1_2_VERSION);
  auto& plane = start(secure(), [&](Dataplane& starting) { starting.use_tls(0, lenient); });
  TlsClient::Options options = trusting();
  options.version_max = TLS1_2_VERSION;
  TlsClient client(plane.address(), options);
  client.send("hello\n");
  EXPECT_EQ(client.read_line(), "hello\n");
  std::uint64_t count = 0;
  for (const int version : {TLS1_1_VERSION, TLS1_VERSION}) {
    options.version_max = version;
    EXPECT_THROW(TlsClient(plane.address(), options), std::runtime_error);
    await_rejected(plane, RejectReason::kTlsFailed, ++count);
  }
}

TEST_F(TlsTest, PlaintextIsTurnedAway) {
  auto& plane = start_secure(secure());
  TcpClient client(plane.address());
  client.send("hello, is anybody there? This is plain text.\n");
  // Nothing but an alert.
  EXPECT_LT(client.read_to_any_end().size(), 16U);
  await_rejected(plane, RejectReason::kTlsFailed);
  EXPECT_EQ(plane->stats().listeners[0].accepted, 0U);
}

// OpenSSL would make room for it.
TEST_F(TlsTest, AHelloThatClaimsToBeHugeIsTurnedAway) {
  std::promise<std::string> told;
  auto& plane = start(secure(), [&](Dataplane& starting) {
    starting.use_tls(0, context(certificates_.make("localhost")));
    starting.on_rejected(
        [&](const RejectedClient& client) { told.set_value(std::string(client.detail)); });
  });
  TcpClient client(plane.address());
  client.send(std::string_view("\x16\x03\x01\x00\x04\x01\x01\xff\x00", 9));
  (void)client.read_to_any_end();
  await_rejected(plane, RejectReason::kTlsFailed);
  EXPECT_EQ(told.get_future().get(), "longer than any handshake");
}

TEST_F(TlsTest, MoreCertificatesThanAnybodyNeedsAreTurnedAway) {
  auto& plane = start_secure(secure(), ClientCertificates::kRequired);
  TlsClient::Options options = trusting();
  const auto own = certificates_.make("meter-7");
  options.cert_file = certificates_.path("chain.crt");
  options.key_file = own.key_file;
  std::ifstream from(own.cert_file);
  const std::string one{std::istreambuf_iterator<char>(from), {}};
  std::ofstream chain(options.cert_file);
  for (int i = 0; i < 100; ++i) chain << one;
  chain.close();
  try {
    (void)TlsClient(plane.address(), options).read_to_any_end();
  } catch (const std::runtime_error&) {
    // With TLS 1.3 the client's handshake may end before the server has seen its certificates.
  }
  await_rejected(plane, RejectReason::kTlsFailed);
}

TEST_F(TlsTest, AHandshakeThatDoesNotEndIsNotWaitedForForEver) {
  ListenerConfig listener = secure();
  listener.handshake_timeout = milliseconds(50);
  auto& plane = start_secure(listener);
  TcpClient silent(plane.address());
  TcpClient stalled(plane.address());
  stalled.send(std::string("\x16\x03\x01\x02\x00", 5));  // a record's header
  EXPECT_EQ(silent.read_to_any_end(), "");
  EXPECT_EQ(stalled.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kTlsIncomplete, 2);
}

TEST_F(TlsTest, WhoIsInTheHandshakeIsNoClient) {
  auto& plane = start_secure(secure());
  TcpClient waiting(plane.address());
  plane.await_stats([](const Stats& stats) { return stats.listeners[0].handshaking == 1; });
  EXPECT_EQ(plane.broadcast("to nobody").matched, 0U);
  EXPECT_TRUE(plane.list_all().empty());
}

TEST_F(TlsTest, ClientsMustShowACertificateWhereThatIsRequired) {
  auto& plane = start_secure(secure(), ClientCertificates::kRequired);
  const auto meter = certificates_.make("meter-7");
  TlsClient::Options options = trusting();
  options.cert_file = meter.cert_file;
  options.key_file = meter.key_file;
  {
    TlsClient client(plane.address(), options);
    client.send("hello\n");
    EXPECT_EQ(client.read_line(), "hello\n");
  }
  const auto refused = [&](const TlsClient::Options& shown, std::uint64_t count) {
    // With TLS 1.3 the client's handshake ends before the server has seen its certificate.
    try {
      TlsClient client(plane.address(), shown);
      EXPECT_EQ(client.read_to_any_end(), "");
    } catch (const std::runtime_error&) {
      // Refused during the handshake.
    }
    await_rejected(plane, RejectReason::kTlsFailed, count);
  };
  refused(trusting(), 1);
  const auto late = certificates_.make({"meter-8", -std::chrono::hours(1), false});
  options.cert_file = late.cert_file;
  options.key_file = late.key_file;
  refused(options, 2);
  const auto strange = certificates_.make({"meter-9", std::chrono::hours(1), true});
  options.cert_file = strange.cert_file;
  options.key_file = strange.key_file;
  refused(options, 3);
}

TEST_F(TlsTest, ANewCertificateIsForThoseWhoComeLater) {
  auto& plane = start_secure(secure());
  TlsClient before(plane.address(), trusting());
  before.send("hello\n");
  EXPECT_EQ(before.read_line(), "hello\n");
  EXPECT_EQ(before.peer_name(), "localhost");
  plane->use_tls(0, context(certificates_.make("renewed")));
  TlsClient after(plane.address(), trusting());
  EXPECT_EQ(after.peer_name(), "renewed");
  after.send("hello\n");
  EXPECT_EQ(after.read_line(), "hello\n");
  before.send("still there\n");
  EXPECT_EQ(before.read_line(), "still there\n");
}

TEST_F(TlsTest, WithoutACertificateItDoesNotStart) {
  EXPECT_THROW(start(secure()), std::runtime_error);
}

TEST_F(TlsTest, AFileThatIsNoCertificateIsNamed) {
  const auto pair = certificates_.make("localhost");
  const auto problem = [&](const TlsContext::Files& files) {
    return std::get<std::string>(TlsContext::load(files));
  };
  EXPECT_NE(problem({"/nonexistent", pair.key_file, {}, {}}).find("/nonexistent"),
            std::string::npos);
  EXPECT_NE(problem({pair.key_file, pair.key_file, {}, {}}).find(pair.key_file), std::string::npos);
  const auto other = certificates_.make("other");
  EXPECT_NE(problem({pair.cert_file, other.key_file, {}, {}}).find(other.key_file),
            std::string::npos);
  EXPECT_NE(problem({pair.cert_file, pair.key_file, ClientCertificates::kRequired, "/nowhere"})
                .find("/nowhere"),
            std::string::npos);
}

TEST_F(TlsTest, NobodyIsAskedForAPassPhrase) {
  const auto pair = certificates_.make("localhost");
  const std::string locked = certificates_.lock(pair.key_file, "secret");
  EXPECT_EQ(std::get<std::string>(TlsContext::load({pair.cert_file, locked, {}, {}})),
            "the key in " + locked + " cannot be used: it has a pass phrase");
}

TEST_F(TlsTest, GarbageBehindTheHandshakeClosesTheConnection) {
  auto& plane = start_secure(secure());
  TlsClient client(plane.address(), trusting());
  client.send("hello\n");
  EXPECT_EQ(client.read_line(), "hello\n");
  client.tcp().send(std::string(64, 'x'));
  (void)client.read_to_any_end();
  plane.await_closed(CloseReason::kTlsError);
}

TEST_F(TlsTest, ACutWithoutGoodbyeIsTheClientsEnd) {
  auto& plane = start_secure(secure());
  TlsClient client(plane.address(), trusting());
  client.send("hello\n");
  EXPECT_EQ(client.read_line(), "hello\n");
  client.tcp().finish();
  plane.await_closed(CloseReason::kClientClosed);
}

TEST_F(TlsTest, LargeFramesComeWhole) {
  ListenerConfig listener = secure("discard");
  listener.queue.max_bytes = 64U << 20U;
  auto& plane = start_secure(listener);
  TlsClient client(plane.address(), trusting());
  plane.await_connections(1);
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    const std::string payload(static_cast<std::size_t>(100'000 + 7'919 * i),
                              static_cast<char>('a' + i));
    EXPECT_EQ(plane.broadcast(payload).queued, 1U);
    expected += payload + "\n";
  }
  EXPECT_TRUE(client.read(expected.size()) == expected);
}

TEST_F(TlsTest, NewKeysOnTheWayChangeNothing) {
  auto& plane = start_secure(secure());
  TlsClient client(plane.address(), trusting());
  for (std::uint32_t i = 0; i < TlsSession::kOwnMessagesMax; ++i) {
    client.update_keys();
    client.send("hello\n");
    EXPECT_EQ(client.read_line(), "hello\n");
  }
}

// A record that the kernel took half of cannot be taken back: frames in it are not evicted.
TEST_F(TlsTest, EvictionSparesWhatIsInARecord) {
  ListenerConfig listener = secure("discard");
  listener.queue = {64, 2U << 20U, OverflowPolicy::kDropOldest};
  listener.send_buffer_bytes = 4096;
  auto& plane = start_secure(listener);
  TlsClient::Options options = trusting();
  options.tcp.receive_buffer_bytes = 4096;
  TlsClient client(plane.address(), options);
  plane.await_connections(1);
  std::uint64_t evicted = 0;
  int sent = 0;
  const auto frame = [](int i) { return std::to_string(i) + std::string(199, '.'); };
  while (evicted < 1000) evicted += plane.broadcast(frame(sent++)).evicted;
  EXPECT_EQ(plane.broadcast("end").queued, 1U);
  // Whole frames, in order, with gaps.
  int last = -1;
  std::uint64_t got = 0;
  for (std::string line = client.read_line(); line != "end\n"; line = client.read_line()) {
    const int number = std::stoi(line);
    ASSERT_GT(number, last);
    ASSERT_EQ(line, frame(number) + "\n");
    last = number;
    ++got;
  }
  const std::uint64_t dropped =
      plane.list_all().at(0).dropped[static_cast<std::size_t>(DropReason::kEvicted)];
  EXPECT_EQ(got + dropped, static_cast<std::uint64_t>(sent));
}

TEST_F(TlsTest, WithoutAQueueAFrameInARecordCounts) {
  ListenerConfig listener = secure("discard");
  listener.queue.max_frames = 0;
  listener.send_buffer_bytes = 4096;
  auto& plane = start_secure(listener);
  TlsClient::Options options = trusting();
  options.tcp.receive_buffer_bytes = 4096;
  TlsClient client(plane.address(), options);
  plane.await_connections(1);
  std::vector<int> queued;
  std::uint64_t refused = 0;
  const auto frame = [](int i) { return std::to_string(i) + std::string(5'000, '.'); };
  for (int i = 0; refused < 20; ++i) {
    const auto result = plane.broadcast(frame(i));
    if (result.queued == 1) queued.push_back(i);
    refused += total(result.dropped);
  }
  for (const int number : queued) ASSERT_EQ(client.read_line(), frame(number) + "\n");
}

TEST_F(TlsTest, AStalledReaderIsClosedAndItsRecordForgotten) {
  ListenerConfig listener = secure("discard");
  listener.write_stall = milliseconds(100);
  listener.send_buffer_bytes = 4096;
  auto& plane = start_secure(listener);
  TlsClient::Options options = trusting();
  options.tcp.receive_buffer_bytes = 4096;
  TlsClient client(plane.address(), options);
  plane.await_connections(1);
  for (int i = 0; i < 300; ++i) (void)plane.broadcast(std::string(3'000, 'x'));
  plane.await_closed(CloseReason::kWriteStall);
}

TEST_F(TlsTest, WhatTheKernelDoesNotTakeIsMemoryOfQueues) {
  ListenerConfig listener = secure("discard");
  listener.send_buffer_bytes = 4096;
  auto& plane = start_secure(listener);
  TlsClient::Options options = trusting();
  options.tcp.receive_buffer_bytes = 4096;
  const std::uint64_t before = plane->stats().queue_memory.retained_bytes;
  {
    TlsClient client(plane.address(), options);
    plane.await_connections(1);
    const std::string payload(1U << 20U, 'x');
    (void)plane.broadcast(payload);
    // The frame, and a part of it once more as a record.
    EXPECT_GT(plane->stats().queue_memory.retained_bytes, before + payload.size() + 4'096);
  }
  plane.await_stats([=](const Stats& stats) {
    return stats.shards.connections == 0 && stats.queue_memory.retained_bytes < before + 100'000;
  });
}

TEST_F(TlsTest, DisconnectInTheMiddleOfARecordEndsTheStream) {
  ListenerConfig listener = secure("discard");
  listener.send_buffer_bytes = 4096;
  auto& plane = start_secure(listener);
  TlsClient::Options options = trusting();
  options.tcp.receive_buffer_bytes = 4096;
  TlsClient client(plane.address(), options);
  plane.await_connections(1);
  for (int i = 0; i < 300; ++i) (void)plane.broadcast(std::string(3'000, 'x'));
  EXPECT_EQ(plane.disconnect({}).disconnected, 1U);
  (void)client.read_to_any_end();
  client.tcp().close();
  plane.await_closed(CloseReason::kDisconnected);
}

}  // namespace
}  // namespace crier::testing
