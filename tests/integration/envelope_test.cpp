// Listeners with codec envelope: hello, payload, ping, pong, gap, goaway.
#include <map>
#include <set>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/support/envelope_client.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;
using Framing = EnvelopeClient::Framing;

constexpr std::chrono::hours kLong{1};

class RenewableTokens final : public Authenticator {
 public:
  Outcome check_token(std::string_view token) override {
    const auto now = std::chrono::system_clock::now();
    if (token == "brief") return Identity{"meter-7", {}, now};
    if (token == "long") return Identity{"meter-7", {{"tier", "gold"}}, now + kLong};
    if (token == "other") return Identity{"meter-8", {}, {}};
    return AuthProblem::kUnknown;
  }
  Outcome check_certificate(std::string_view, std::chrono::system_clock::time_point) override {
    return AuthProblem::kUnknown;
  }
};

ListenerConfig enveloped(Framing framing = Framing::kLength4, std::string processor = "echo") {
  ListenerConfig listener = loopback_listener("default", std::move(processor));
  listener.framing.kind = framing == Framing::kLine ? FramingKind::kLine : FramingKind::kLength;
  listener.codec = Codec::kEnvelope;
  listener.ping_interval = milliseconds(0);
  listener.handshake_timeout = std::chrono::minutes(1);
  return listener;
}

class EnvelopeTest : public DataplaneTest {
 protected:
  // Connected, and greeted.
  static std::unique_ptr<EnvelopeClient> join(RunningDataplane& plane,
                                              Framing framing = Framing::kLength4,
                                              const std::string& token = "",
                                              TcpClient::Options options = {}) {
    auto client = std::make_unique<EnvelopeClient>(plane.address(), framing, options);
    client->send_hello(token);
    EXPECT_TRUE(client->read().has_hello());
    return client;
  }
  RunningDataplane& start_asking(ListenerConfig listener) {
    listener.authentication = Authentication::kToken;
    return start(std::move(listener), [](Dataplane& plane) {
      plane.use_authenticator(0, std::make_shared<RenewableTokens>());
    });
  }
};

TEST_F(EnvelopeTest, GreetsAndCarriesPayloadsBothWays) {
  for (const Framing framing : {Framing::kLength4, Framing::kLine}) {
    ListenerConfig listener = enveloped(framing);
    listener.ping_interval = std::chrono::seconds(25);
    auto& plane = start(listener);
    EnvelopeClient client(plane.address(), framing);
    client.send_hello();
    const v1::ServerFrame hello = client.read();
    ASSERT_TRUE(hello.has_hello());
    EXPECT_EQ(hello.hello().client_id(), to_string(plane.list_all().at(0).id));
    EXPECT_EQ(hello.hello().ping_interval_ms(), 25'000U);
    EXPECT_EQ(hello.hello().pong_timeout_ms(), 10'000U);
    const std::string binary("any\n byte\0 \xFF", 12);
    for (const std::string& payload : {binary, std::string(), std::string(40'000, 'x')}) {
      client.send_payload(payload);
      EXPECT_EQ(client.read_payload(), payload);
      EXPECT_EQ(plane.broadcast(payload).queued, 1U) << "also what a line could not carry";
      EXPECT_EQ(client.read_payload(), payload);
    }
    client.tcp().finish();
    EXPECT_EQ(client.read().kind_case(), v1::ServerFrame::KIND_NOT_SET)
        << "who has left is not told to go away";
    finish();
  }
}

TEST_F(EnvelopeTest, PlainAndEnvelopedListenersShareABroadcast) {
  auto& plane = start(config_of({enveloped(), loopback_listener("plain")}));
  auto enveloped_client = join(plane);
  plane.await_connections(1);
  auto plain = plane.connect(1);
  EXPECT_EQ(plane.broadcast("to all").queued, 2U);
  EXPECT_EQ(enveloped_client->read_payload(), "to all");
  EXPECT_EQ(plain->read_line(), "to all\n");
}

TEST_F(EnvelopeTest, WithoutAHelloThereIsNoClient) {
  auto& plane = start(enveloped());
  std::uint64_t count = 0;
  v1::ClientFrame ping;
  ping.mutable_ping()->set_id(1);
  v1::ClientFrame payload;
  payload.set_payload("hello");
  for (const std::string& message :
       {ping.SerializeAsString(), payload.SerializeAsString(), std::string(), std::string("\xFF"),
        std::string("hello, this is no protobuf")}) {
    EnvelopeClient client(plane.address(), Framing::kLength4);
    client.send_raw(message);
    EXPECT_EQ(client.tcp().read_to_any_end(), "") << "nothing is sent before a hello";
    await_rejected(plane, RejectReason::kAuthMalformed, ++count);
  }
}

TEST_F(EnvelopeTest, AFrameThatIsNoMessageEndsTheConnectionWithAGoaway) {
  auto& plane = start(enveloped());
  std::uint64_t count = 0;
  for (const std::string& message : {std::string("\xFF"), std::string("\x0A\x7F", 2)}) {
    auto client = join(plane);
    client->send_raw(message);
    const v1::ServerFrame goaway = client->read();
    ASSERT_TRUE(goaway.has_goaway());
    EXPECT_EQ(goaway.goaway().code(), v1::Goaway::CODE_PROTOCOL);
    EXPECT_EQ(goaway.goaway().reason(), "malformed_envelope");
    EXPECT_EQ(client->read().kind_case(), v1::ServerFrame::KIND_NOT_SET);
    client->tcp().close();
    plane.await_closed(CloseReason::kMalformedEnvelope, ++count);
  }
  auto second = join(plane);
  second->send_hello();
  EXPECT_EQ(second->read().goaway().reason(), "malformed_envelope")
      << "a second hello where there is nothing to renew";
}

TEST_F(EnvelopeTest, ALineThatIsNotBase64EndsTheConnection) {
  auto& plane = start(enveloped(Framing::kLine));
  auto client = join(plane, Framing::kLine);
  client->tcp().send("not base64!\n");
  EXPECT_EQ(client->read().goaway().reason(), "malformed_envelope");
}

TEST_F(EnvelopeTest, KindsOfANewerClientAreIgnored) {
  auto& plane = start(enveloped());
  auto client = join(plane);
  client->send_raw(std::string("\x7A\x03xyz", 5));  // field 15
  client->send_payload("still here");
  EXPECT_EQ(client->read_payload(), "still here");
}

TEST_F(EnvelopeTest, AnswersPings) {
  auto& plane = start(enveloped());
  auto client = join(plane);
  for (const std::uint64_t id : {std::uint64_t{1}, std::uint64_t{0}, UINT64_MAX}) {
    client->send_ping(id);
    const v1::ServerFrame pong = client->read();
    ASSERT_TRUE(pong.has_pong());
    EXPECT_EQ(pong.pong().id(), id);
  }
}

TEST_F(EnvelopeTest, MeasuresTheRoundTrip) {
  ListenerConfig listener = enveloped();
  listener.ping_interval = milliseconds(1);
  listener.pong_timeout = kPatience;
  auto& plane = start(listener);
  auto client = join(plane);
  for (std::uint64_t round = 1; round <= 2; ++round) {
    const v1::ServerFrame ping = client->read();
    ASSERT_TRUE(ping.has_ping());
    client->send_pong(ping.ping().id());
    plane.await_stats([=](const Stats& stats) { return stats.shards.ping_rtt.count() == round; });
  }
  EXPECT_TRUE(plane.list_all().at(0).ping_rtt);
}

TEST_F(EnvelopeTest, AnyOtherPongIsNoAnswer) {
  ListenerConfig listener = enveloped();
  listener.ping_interval = milliseconds(1);
  listener.pong_timeout = kPatience;
  auto& plane = start(listener);
  auto client = join(plane);
  // Before any ping, of none that there was, of one before, and of no kind at all.
  client->send_pong(7);
  const std::uint64_t first = client->read().ping().id();
  client->send_pong(first);
  const std::uint64_t second = client->read().ping().id();
  EXPECT_NE(first, second);
  for (const std::uint64_t other : {first, second + 1, second + 100, std::uint64_t{0}}) {
    client->send_pong(other);
  }
  // The answer to this tells that they were all seen.
  client->send_ping(99);
  EXPECT_EQ(client->read().pong().id(), 99U) << "and no further ping comes before";
  EXPECT_EQ(plane.list_all().size(), 1U) << "nobody is closed for it";
  EXPECT_EQ(plane->stats().shards.ping_rtt.count(), 1U);
  client->send_pong(second);
  plane.await_stats([](const Stats& stats) { return stats.shards.ping_rtt.count() == 2; });
}

// As long as only that comes, it is as if nothing did.
TEST_F(EnvelopeTest, WhoAnswersAnotherPingIsClosed) {
  ListenerConfig listener = enveloped();
  listener.ping_interval = milliseconds(1);
  listener.pong_timeout = milliseconds(50);
  auto& plane = start(listener);
  auto client = join(plane);
  EXPECT_TRUE(client->read().has_ping());
  const Deadline deadline;
  try {
    for (std::uint64_t id = 1'000; !deadline.passed(); ++id) {
      client->send_pong(id);
      client->send_payload("still here");
      (void)client->read();
    }
  } catch (const std::exception&) {
    // Its end.
  }
  plane.await_closed(CloseReason::kPingTimeout);
}

TEST_F(EnvelopeTest, WhoDoesNotAnswerAPingIsClosed) {
  ListenerConfig listener = enveloped();
  listener.ping_interval = milliseconds(1);
  listener.pong_timeout = milliseconds(50);
  auto& plane = start(listener);
  auto client = join(plane);
  EXPECT_TRUE(client->read().has_ping());
  EXPECT_EQ(client->read().kind_case(), v1::ServerFrame::KIND_NOT_SET) << "cut off, no goaway";
  plane.await_closed(CloseReason::kPingTimeout);
}

TEST_F(EnvelopeTest, DrainAndDisconnectSayWhenToComeBack) {
  ListenerConfig listener = enveloped();
  listener.reconnect_spread = std::chrono::seconds(10);
  auto& plane = start(listener);
  auto named = join(plane);
  std::vector<std::unique_ptr<EnvelopeClient>> others;
  for (int i = 0; i < 20; ++i) others.push_back(join(plane));
  DisconnectRequest request;
  request.only = {plane.id_of(named->tcp())};
  EXPECT_EQ(plane.disconnect(request).disconnected, 1U);
  const v1::ServerFrame goaway = named->read();
  EXPECT_EQ(goaway.goaway().code(), v1::Goaway::CODE_DISCONNECTED);
  EXPECT_EQ(goaway.goaway().reason(), "disconnected");
  (void)plane.broadcast("the last one");
  plane->drain(milliseconds(0), std::chrono::seconds(2), [] {});
  std::set<std::uint32_t> times;
  for (auto& client : others) {
    EXPECT_EQ(client->read_payload(), "the last one");
    const v1::ServerFrame last = client->read();
    ASSERT_TRUE(last.has_goaway());
    EXPECT_EQ(last.goaway().code(), v1::Goaway::CODE_DRAIN);
    EXPECT_LE(last.goaway().reconnect_after_ms(), 10'000U);
    times.insert(last.goaway().reconnect_after_ms());
    EXPECT_EQ(client->read().kind_case(), v1::ServerFrame::KIND_NOT_SET);
  }
  EXPECT_GT(times.size(), 15U) << "drawn for each";
}

TEST_F(EnvelopeTest, TellsHowManyPayloadsWereDropped) {
  for (const OverflowPolicy policy : {OverflowPolicy::kDropNewest, OverflowPolicy::kDropOldest}) {
    ListenerConfig listener = enveloped(Framing::kLength4, "discard");
    listener.queue = {64, 2U << 20U, policy};
    listener.send_buffer_bytes = 4096;
    auto& plane = start(listener);
    TcpClient::Options options;
    options.receive_buffer_bytes = 4096;
    auto client = join(plane, Framing::kLength4, "", options);
    std::uint64_t sent = 0;
    std::uint64_t lost = 0;
    const auto frame = [](std::uint64_t i) { return std::to_string(i) + std::string(200, '.'); };
    while (lost < 500) {
      const auto result = plane.broadcast(frame(sent++));
      lost += total(result.dropped) + result.evicted;
    }
    const std::uint64_t last = sent - 1;
    // Reads until the books say that nothing is queued and every loss was told.
    std::uint64_t got = 0;
    std::uint64_t told = 0;
    std::uint64_t next = 0;
    while (got + told < sent) {
      const v1::ServerFrame message = client->read();
      if (message.has_gap()) {
        told += message.gap().frames();
        EXPECT_EQ(message.gap().total(), told);
        continue;
      }
      const auto number = std::stoull(message.payload());
      ASSERT_GE(number, next);
      ASSERT_LE(number, got + told) << "no payload after a gap before the gap is told";
      next = number + 1;
      ++got;
    }
    EXPECT_EQ(told, lost);
    if (policy == OverflowPolicy::kDropOldest) {
      EXPECT_EQ(next, last + 1);
    }
    (void)plane.broadcast("after");
    EXPECT_EQ(client->read_payload(), "after");
    finish();
  }
}

TEST_F(EnvelopeTest, WithoutAQueueGapsAreToldToo) {
  ListenerConfig listener = enveloped(Framing::kLength4, "discard");
  listener.queue.max_frames = 0;
  listener.send_buffer_bytes = 4096;
  auto& plane = start(listener);
  TcpClient::Options options;
  options.receive_buffer_bytes = 4096;
  auto client = join(plane, Framing::kLength4, "", options);
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  while (lost < 100) {
    lost += total(plane.broadcast(std::to_string(sent++) + std::string(500, '.')).dropped);
  }
  std::uint64_t got = 0;
  std::uint64_t told = 0;
  while (got + told < sent) {
    const v1::ServerFrame message = client->read();
    if (message.has_gap()) {
      told += message.gap().frames();
    } else {
      ASSERT_LE(std::stoull(message.payload()), got + told);
      ++got;
    }
  }
  EXPECT_EQ(told, lost);
}

TEST_F(EnvelopeTest, TheHelloProvesWhoItIs) {
  auto& plane = start_asking(enveloped());
  auto client = join(plane, Framing::kLength4, "long");
  const auto clients = plane.list_all();
  ASSERT_TRUE(clients.at(0).identity);
  EXPECT_EQ(clients[0].identity->subject, "meter-7");
  EnvelopeClient stranger(plane.address(), Framing::kLength4);
  stranger.send_hello("wrong");
  EXPECT_EQ(stranger.tcp().read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAuthFailed);
}

TEST_F(EnvelopeTest, AnotherHelloRenewsTheCredentials) {
  ListenerConfig listener = enveloped();
  listener.expiry_grace = std::chrono::minutes(1);
  auto& plane = start_asking(listener);
  auto client = join(plane, Framing::kLength4, "brief");
  EXPECT_TRUE(plane.list_all().at(0).identity->labels.empty());
  client->send_hello("long");
  client->send_payload("renewed");
  EXPECT_EQ(client->read_payload(), "renewed");
  EXPECT_EQ(plane.list_all().at(0).identity->labels.at(0).second, "gold");
}

TEST_F(EnvelopeTest, RenewalMustHoldAndNameTheSameSubject) {
  auto& plane = start_asking(enveloped());
  std::uint64_t count = 0;
  for (const char* token : {"wrong", "other"}) {
    auto client = join(plane, Framing::kLength4, "long");
    client->send_hello(token);
    const v1::ServerFrame goaway = client->read();
    EXPECT_EQ(goaway.goaway().code(), v1::Goaway::CODE_CREDENTIALS);
    EXPECT_EQ(goaway.goaway().reason(), "auth_failed");
    client->tcp().close();
    plane.await_closed(CloseReason::kAuthFailed, ++count);
  }
}

// Each costs a signature.
TEST_F(EnvelopeTest, RenewalsAreNotForEveryFrame) {
  auto& plane = start_asking(enveloped());
  auto client = join(plane, Framing::kLength4, "long");
  client->send_hello("long");
  client->send_hello("long");
  EXPECT_EQ(client->read().goaway().reason(), "rate_limited");
  client->tcp().close();
  plane.await_closed(CloseReason::kRateLimited);
}

TEST_F(EnvelopeTest, ExpiryEndsWithAGoaway) {
  ListenerConfig listener = enveloped();
  listener.expiry_grace = milliseconds(100);
  auto& plane = start_asking(listener);
  auto client = join(plane, Framing::kLength4, "brief");
  const v1::ServerFrame goaway = client->read();
  EXPECT_EQ(goaway.goaway().reason(), "auth_expired");
  client->tcp().close();
  plane.await_closed(CloseReason::kAuthExpired);
}

TEST_F(EnvelopeTest, RelayCarriesPayloadsAlone) {
  auto& plane = start(enveloped(Framing::kLength4, "relay"));
  auto from = join(plane);
  auto to = join(plane);
  from->send_ping(1);
  from->send_payload("to the others");
  EXPECT_EQ(to->read_payload(), "to the others");
  EXPECT_TRUE(from->read().has_pong());
}

}  // namespace
}  // namespace crier::testing
