// Clients that come through a proxy which names them, and others that only pretend to.
#include <algorithm>

#include "tests/dataplane/proxy/headers.hpp"
#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

constexpr std::string_view kNamed = "192.0.2.1:40000";
const std::string kLine = "PROXY TCP4 192.0.2.1 198.51.100.2 40000 8082\r\n";
const std::string kBinary = proxy_v2(0x21, 0x11, ipv4_addresses());

ListenerConfig proxied(std::string trusted = "127.0.0.0/8") {
  ListenerConfig listener = loopback_listener("default", "echo");
  listener.proxy_protocol = ProxyProtocol::kRequired;
  listener.proxy_trusted = std::move(trusted);
  listener.handshake_timeout = std::chrono::minutes(1);
  return listener;
}

class ProxyTest : public DataplaneTest {
 protected:
  static void await_waiting(RunningDataplane& plane, std::uint64_t count) {
    plane.await_stats([=](const Stats& stats) { return stats.listeners[0].handshaking == count; });
  }
};

TEST_F(ProxyTest, TheAddressInTheHeaderIsTheClients) {
  auto& plane = start(proxied());
  for (const std::string& header : {kLine, kBinary}) {
    TcpClient client(plane.address());
    client.send(header + "first\n");
    EXPECT_EQ(client.read_line(), "first\n") << "what follows a header is the client's own";
    const auto clients = plane.list_all();
    ASSERT_EQ(clients.size(), 1U);
    EXPECT_EQ(clients[0].remote_address, kNamed);
    EXPECT_EQ(clients[0].received_bytes, 6U) << "the header is not counted";
    client.finish();
    EXPECT_EQ(client.read_to_end(), "");
    plane.await_connections(0);
  }
}

TEST_F(ProxyTest, AHeaderThatNamesNobodyLeavesTheSocketsAddress) {
  auto& plane = start(proxied());
  for (const std::string& header : {std::string("PROXY UNKNOWN\r\n"), proxy_v2(0x20, 0x00, ""),
                                    proxy_v2(0x21, 0x31, std::string(216, 'u'))}) {
    TcpClient client(plane.address());
    client.send(header + "hello\n");
    EXPECT_EQ(client.read_line(), "hello\n");
    EXPECT_NO_THROW((void)plane.id_of(client));
  }
}

TEST_F(ProxyTest, AHeaderMayComeByteByByte) {
  auto& plane = start(proxied());
  for (const std::string& header : {kLine, kBinary}) {
    TcpClient client(plane.address());
    for (const char byte : header) client.send({&byte, 1});
    client.send("hello\n");
    EXPECT_EQ(client.read_line(), "hello\n");
    EXPECT_EQ(plane.list_all().at(0).remote_address, kNamed);
    client.finish();
    plane.await_connections(0);
  }
}

TEST_F(ProxyTest, EverySplitBetweenHeaderAndFramesGivesTheSame) {
  auto& plane = start(proxied());
  const std::string stream = kBinary + "one\ntwo\n";
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    TcpClient client(plane.address());
    client.send(stream.substr(0, at));
    if (at < kBinary.size()) await_waiting(plane, 1);
    client.send(stream.substr(at));
    client.finish();
    EXPECT_EQ(client.read_to_end(), "one\ntwo\n") << at;
    await_waiting(plane, 0);
  }
  plane.await_closed(CloseReason::kClientClosed, stream.size() + 1);
}

TEST_F(ProxyTest, WhoWaitsForAHeaderIsNoClient) {
  auto& plane = start(proxied());
  TcpClient client(plane.address());
  client.send(kLine.substr(0, 20));
  await_waiting(plane, 1);
  EXPECT_EQ(plane.broadcast("before").matched, 0U);
  EXPECT_TRUE(plane.list_all().empty());
  EXPECT_EQ(plane->clients(), 0U);
  EXPECT_EQ(plane->stats().listeners[0].connections, 0U);
  EXPECT_EQ(plane->stats().listeners[0].accepted, 0U);

  client.send(kLine.substr(20));
  plane.await_connections(1);
  EXPECT_EQ(plane->clients(), 1U);
  EXPECT_EQ(plane.broadcast("after").matched, 1U);
  EXPECT_EQ(client.read_line(), "after\n") << "and nothing before it";
}

TEST_F(ProxyTest, WhoIsNoProxyIsClosedWhateverItSays) {
  auto& plane = start(proxied("10.0.0.0/8,127.0.0.2"));
  TcpClient client(plane.address());
  EXPECT_EQ(client.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kProxyUntrusted, 1);
}

TEST_F(ProxyTest, WhatIsNoHeaderClosesTheConnection) {
  auto& plane = start(proxied());
  std::uint64_t count = 0;
  for (const std::string& bytes :
       {std::string("hello\n"), std::string("PROXY TCP4 nobody\r\n"),
        "PROXY " + std::string(200, 'x'), proxy_v2(0x21, 0x11, "", 0xFFFF),
        proxy_v2(0x21, 0x11, "short"), kBinary.substr(1)}) {
    TcpClient client(plane.address());
    client.send(bytes);
    EXPECT_EQ(client.read_to_any_end(), "");
    await_rejected(plane, RejectReason::kProxyMalformed, ++count);
  }
}

TEST_F(ProxyTest, AHeaderThatDoesNotEndIsNotWaitedForForEver) {
  ListenerConfig listener = proxied();
  listener.handshake_timeout = milliseconds(50);
  auto& plane = start(listener);
  TcpClient silent(plane.address());
  TcpClient begun(plane.address());
  begun.send(kBinary.substr(0, kBinary.size() - 1));
  EXPECT_EQ(silent.read_to_any_end(), "");
  EXPECT_EQ(begun.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kProxyIncomplete, 2);
}

TEST_F(ProxyTest, WhoGoesBeforeItsHeaderIsForgotten) {
  auto& plane = start(proxied());
  TcpClient(plane.address()).finish();
  await_rejected(plane, RejectReason::kProxyIncomplete, 1);
  TcpClient half(plane.address());
  half.send(kLine.substr(0, 10));
  half.finish();
  await_rejected(plane, RejectReason::kProxyIncomplete, 2);
  TcpClient broken(plane.address());
  broken.send(kLine.substr(0, 10));
  await_waiting(plane, 1);
  broken.reset();
  await_rejected(plane, RejectReason::kProxyIncomplete, 3);
}

TEST_F(ProxyTest, ThoseThatWaitAreBounded) {
  ListenerConfig listener = proxied();
  listener.max_connections = 100;
  auto& plane = start(listener);
  std::vector<std::unique_ptr<TcpClient>> waiting;
  while (waiting.size() < 10) waiting.push_back(std::make_unique<TcpClient>(plane.address()));
  await_waiting(plane, 10);
  EXPECT_EQ(TcpClient(plane.address()).read_to_any_end(), "");
  EXPECT_EQ(rejected(plane->stats(), RejectReason::kHandshakeFull), 1U);
  waiting[0]->send(kLine);
  await_waiting(plane, 9);
  TcpClient next(plane.address());
  next.send(kLine + "room\n");
  EXPECT_EQ(next.read_line(), "room\n");
}

TEST_F(ProxyTest, ThoseThatWaitCountTowardsTheListenersBound) {
  ListenerConfig listener = proxied();
  listener.max_connections = 2;
  auto& plane = start(listener);
  TcpClient first(plane.address());
  first.send(kLine);
  plane.await_connections(1);
  TcpClient second(plane.address());
  await_waiting(plane, 1);
  EXPECT_EQ(TcpClient(plane.address()).read_to_any_end(), "");
  EXPECT_EQ(rejected(plane->stats(), RejectReason::kMaxConnections), 1U);
}

TEST_F(ProxyTest, TheBoundOfAnAddressConcernsTheOneInTheHeader) {
  ListenerConfig listener = proxied();
  listener.max_connections_per_address = 1;
  auto& plane = start(listener);
  TcpClient first(plane.address());
  first.send(kLine + "first\n");
  EXPECT_EQ(first.read_line(), "first\n");
  TcpClient second(plane.address());
  second.send(kBinary);
  EXPECT_EQ(second.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kAddressLimit, 1);
  TcpClient other(plane.address());
  other.send("PROXY TCP4 192.0.2.2 198.51.100.2 40000 8082\r\nother\n");
  EXPECT_EQ(other.read_line(), "other\n") << "though the proxy is the same";
}

TEST_F(ProxyTest, ADrainTurnsThoseAwayThatWait) {
  auto& plane = start(proxied());
  TcpClient waiting(plane.address());
  await_waiting(plane, 1);
  Answer<bool> empty;
  plane->drain(milliseconds(0), milliseconds(100), [done = empty.callback()] { done(true); });
  EXPECT_TRUE(empty.get());
  EXPECT_EQ(waiting.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kStopping, 1);
  TcpClient late(plane.address());
  EXPECT_EQ(late.read_to_any_end(), "");
  await_rejected(plane, RejectReason::kStopping, 2);
}

TEST_F(ProxyTest, AStopTurnsThoseAwayThatWait) {
  auto& plane = start(proxied());
  TcpClient waiting(plane.address());
  await_waiting(plane, 1);
  plane->stop();
  EXPECT_EQ(waiting.read_to_any_end(), "");
  EXPECT_EQ(rejected(plane->stats(), RejectReason::kStopping), 1U);
}

TEST_F(ProxyTest, ALinkWithoutAHeaderIsPlain) {
  auto& plane = start(loopback_listener("default", "echo"));
  auto client = plane.connect();
  client->send(kLine);
  EXPECT_EQ(client->read_line(), kLine.substr(0, kLine.size() - 2) + "\n") << "a line like others";
}

TEST_F(ProxyTest, EveryRejectionIsTold) {
  Dataplane plane(config_of({proxied("127.0.0.2")}));
  std::promise<RejectedClient> told;
  plane.on_rejected([&told](const RejectedClient& client) { told.set_value(client); });
  plane.start();
  TcpClient client(plane.listeners().at(0).address);
  EXPECT_EQ(client.read_to_any_end(), "");
  const RejectedClient rejection = told.get_future().get();
  EXPECT_EQ(rejection.listener, 0U);
  EXPECT_EQ(rejection.peer.text(), client.local_address());
  EXPECT_EQ(rejection.reason, RejectReason::kProxyUntrusted);
  plane.stop();
}

}  // namespace
}  // namespace crier::testing
