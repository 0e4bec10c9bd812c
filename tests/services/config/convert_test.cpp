#include "services/config/convert.hpp"

#include <unistd.h>

#include <array>
#include <chrono>

#include "services/config/memory_limit.hpp"
#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using std::chrono::milliseconds;

TEST(Convert, TheDataplaneGetsEveryKeyOfAListener) {
  const auto config = to_dataplane(config_of(R"(
listeners:
  - name: feed
    address: "[::1]:7001"
    framing: length
    length_bytes: 2
    fixed_bytes: 7
    processor: relay
    max_frame_bytes: 9KiB
    queue: {max_frames: 11, max_bytes: 13MiB, overflow: drop_oldest}
    write_stall: 17ms
    partial_frame: 19s
    idle_timeout: 23m
    max_connections: 29
    send_buffer_bytes: 31KiB
    proxy_protocol: required
    proxy_trusted: 10.0.0.0/8,::1
    handshake_timeout: 37ms
    max_connections_per_address: 41
    codec: envelope
    tls: {cert_file: /cert, key_file: /key}
    auth: {method: token, tokens_file: /tokens, expiry_grace: 43s}
    max_connections_per_identity: 47
    accept_rate: 53
    inbound: {messages_per_second: 59, bytes_per_second: 61KiB, close_after: 67s}
    max_age: 71h
    ping_interval: 73s
    pong_timeout: 79ms
    reconnect_spread: 83s
)"));
  ASSERT_EQ(config.listeners.size(), 1U);
  const auto& listener = config.listeners[0];
  EXPECT_EQ(listener.name, "feed");
  EXPECT_EQ(listener.address, "[::1]:7001");
  EXPECT_EQ(listener.framing.kind, dataplane::FramingKind::kLength);
  EXPECT_EQ(listener.framing.length_bytes, 2U);
  EXPECT_EQ(listener.framing.fixed_bytes, 7U);
  EXPECT_EQ(listener.processor, "relay");
  EXPECT_EQ(listener.max_frame_bytes, 9U << 10U);
  EXPECT_EQ(listener.queue.max_frames, 11U);
  EXPECT_EQ(listener.queue.max_bytes, 13U << 20U);
  EXPECT_EQ(listener.queue.overflow, dataplane::OverflowPolicy::kDropOldest);
  EXPECT_EQ(listener.write_stall, milliseconds(17));
  EXPECT_EQ(listener.partial_frame, milliseconds(19'000));
  EXPECT_EQ(listener.idle_timeout, milliseconds(1'380'000));
  EXPECT_EQ(listener.max_connections, 29U);
  EXPECT_EQ(listener.send_buffer_bytes, 31U << 10U);
  EXPECT_EQ(listener.proxy_protocol, dataplane::ProxyProtocol::kRequired);
  EXPECT_EQ(listener.proxy_trusted, "10.0.0.0/8,::1");
  EXPECT_EQ(listener.handshake_timeout, milliseconds(37));
  EXPECT_EQ(listener.max_connections_per_address, 41U);
  EXPECT_EQ(listener.codec, dataplane::Codec::kEnvelope);
  EXPECT_TRUE(listener.tls);
  EXPECT_EQ(listener.authentication, dataplane::Authentication::kToken);
  EXPECT_EQ(listener.expiry_grace, milliseconds(43'000));
  EXPECT_EQ(listener.max_connections_per_identity, 47U);
  EXPECT_EQ(listener.accept_rate, 53U);
  EXPECT_EQ(listener.inbound.messages_per_second, 59U);
  EXPECT_EQ(listener.inbound.bytes_per_second, 61U << 10U);
  EXPECT_EQ(listener.inbound.close_after, milliseconds(67'000));
  EXPECT_EQ(listener.max_age, std::chrono::hours(71));
  EXPECT_EQ(listener.ping_interval, milliseconds(73'000));
  EXPECT_EQ(listener.pong_timeout, milliseconds(79));
  EXPECT_EQ(listener.reconnect_spread, milliseconds(83'000));
}

TEST(Convert, TheDataplaneGetsTheBoundsOfTheNode) {
  const auto config = to_dataplane(config_of(R"(
shards: 3
io_uring: never
limits: {inflight_bytes: 33MiB, partial_bytes: 34MiB, linger: 350ms, queue_memory_bytes: 39MiB}
control: {max_payload_bytes: 36KiB}
drain: {flush: 370ms}
)"));
  EXPECT_EQ(config.shards, 3U);
  EXPECT_FALSE(config.io_uring);
  EXPECT_EQ(config.max_inflight_bytes, 33U << 20U);
  EXPECT_EQ(config.max_partial_bytes, 34U << 20U);
  EXPECT_EQ(config.linger, milliseconds(350));
  EXPECT_EQ(config.max_queue_memory, 39U << 20U);
  EXPECT_EQ(config.max_payload_bytes, 36U << 10U);
  EXPECT_EQ(config.flush, milliseconds(370));
}

TEST(Convert, WithoutTheKeyQueuesMayHoldAQuarterOfTheMemory) {
  ASSERT_TRUE(usable_memory().has_value());
  EXPECT_EQ(to_dataplane(config_of("")).max_queue_memory, *usable_memory() / 4);
}

TEST(Convert, WhatIsNotAskedForIsOff) {
  const auto listener = to_dataplane(config_of("")).listeners[0];
  EXPECT_EQ(listener.codec, dataplane::Codec::kPlain);
  EXPECT_FALSE(listener.tls);
  EXPECT_EQ(listener.authentication, dataplane::Authentication::kNone);
}

TEST(Convert, EveryWayToAuthenticateHasItsCounterpart) {
  const auto authentication = [](const std::string& auth) {
    return to_dataplane(config_of("listeners: [{auth: {" + auth +
                                  "}, tls: {cert_file: /c, key_file: /k, client_ca_file: /ca, "
                                  "client_certificates: required}}]\n"))
        .listeners[0]
        .authentication;
  };
  EXPECT_EQ(authentication("method: none"), dataplane::Authentication::kNone);
  EXPECT_EQ(authentication("method: token, tokens_file: /t"), dataplane::Authentication::kToken);
  EXPECT_EQ(authentication("method: jwt, keys_file: /k"), dataplane::Authentication::kToken);
  EXPECT_EQ(authentication("method: certificate"), dataplane::Authentication::kCertificate);
}

TEST(Convert, EveryChoiceHasItsCounterpart) {
  const auto framing = [](const std::string& name) {
    return to_dataplane(config_of("", {"listeners[0].framing=" + name})).listeners[0].framing.kind;
  };
  EXPECT_EQ(framing("line"), dataplane::FramingKind::kLine);
  EXPECT_EQ(framing("length"), dataplane::FramingKind::kLength);
  EXPECT_EQ(framing("varint"), dataplane::FramingKind::kVarint);
  EXPECT_EQ(framing("fixed"), dataplane::FramingKind::kFixed);
  const auto overflow = [](const std::string& name) {
    return to_dataplane(config_of("", {"listeners[0].queue.overflow=" + name}))
        .listeners[0]
        .queue.overflow;
  };
  EXPECT_EQ(overflow("drop_newest"), dataplane::OverflowPolicy::kDropNewest);
  EXPECT_EQ(overflow("drop_oldest"), dataplane::OverflowPolicy::kDropOldest);
  EXPECT_EQ(overflow("disconnect"), dataplane::OverflowPolicy::kDisconnect);
  const auto proxy = [](const std::string& name) {
    return to_dataplane(config_of("", {"listeners[0].proxy_trusted=::1",
                                       "listeners[0].proxy_protocol=" + name}))
        .listeners[0]
        .proxy_protocol;
  };
  EXPECT_EQ(proxy("off"), dataplane::ProxyProtocol::kOff);
  EXPECT_EQ(proxy("required"), dataplane::ProxyProtocol::kRequired);
}

TEST(Convert, TheLogGetsLevelAndFormat) {
  const auto options = [](const std::string& set) {
    return to_logging(config_of("", {set}).log());
  };
  EXPECT_EQ(options("log.level=trace").level, logging::Level::kTrace);
  EXPECT_EQ(options("log.level=debug").level, logging::Level::kDebug);
  EXPECT_EQ(options("log.level=info").level, logging::Level::kInfo);
  EXPECT_EQ(options("log.level=warn").level, logging::Level::kWarn);
  EXPECT_EQ(options("log.level=error").level, logging::Level::kError);
  EXPECT_EQ(options("log.format=auto").format, logging::Format::kAuto);
  EXPECT_EQ(options("log.format=text").format, logging::Format::kText);
  EXPECT_EQ(options("log.format=json").format, logging::Format::kJson);
}

TEST(Convert, WithoutAUrlThereIsNoBus) {
  EXPECT_FALSE(to_bus(config_of("bus: {mode: stream}\n")).has_value());
}

TEST(Convert, TheBusGetsEveryKey) {
  const auto bus = to_bus(config_of(R"(
control: {max_payload_bytes: 2MiB}
listeners: [{queue: {max_bytes: 4MiB}}]
bus:
  url: rediss://a:7001,[::1]/5
  mode: stream
  sentinel_master: main
  username: crier
  password_file: /run/password
  prefix: feed
  tls: {ca_file: /ca, cert_file: /cert, key_file: /key, server_name: redis}
  max_backlog_bytes: 33MiB
  stream_max_entries: 12345
  probe_interval: 17ms
  probe_timeout: 190ms
)"));
  ASSERT_TRUE(bus.has_value());
  EXPECT_EQ(bus->node, 0U);
  EXPECT_EQ(bus->mode, bus::redis::Mode::kStream);
  ASSERT_EQ(bus->endpoints.size(), 2U);
  EXPECT_EQ(bus->endpoints[0].host, "a");
  EXPECT_EQ(bus->endpoints[0].port, 7001);
  EXPECT_EQ(bus->endpoints[1].host, "::1");
  EXPECT_EQ(bus->endpoints[1].port, 26379) << "of a Sentinel";
  EXPECT_EQ(bus->sentinel_master, "main");
  EXPECT_EQ(bus->username, "crier");
  EXPECT_EQ(bus->password, "");
  EXPECT_EQ(bus->password_file, "/run/password");
  EXPECT_EQ(bus->database, 5U);
  EXPECT_EQ(bus->prefix, "feed");
  EXPECT_TRUE(bus->tls.enabled);
  EXPECT_EQ(bus->tls.ca_file, "/ca");
  EXPECT_EQ(bus->tls.cert_file, "/cert");
  EXPECT_EQ(bus->tls.key_file, "/key");
  EXPECT_EQ(bus->tls.server_name, "redis");
  EXPECT_EQ(bus->max_message_bytes, 18U << 20U);
  EXPECT_EQ(bus->max_backlog_bytes, 33U << 20U);
  EXPECT_EQ(bus->stream_max_entries, 12'345U);
  EXPECT_EQ(bus->probe_interval, milliseconds(17));
  EXPECT_EQ(bus->probe_timeout, milliseconds(190));
}

TEST(Convert, TheBusOfAUrlAloneHasItsOwnDefaults) {
  const auto bus = to_bus(config_of("bus: {url: redis://redis, password: hunter2}\n"));
  ASSERT_TRUE(bus.has_value());
  const bus::redis::Options defaults;
  ASSERT_EQ(bus->endpoints.size(), 1U);
  EXPECT_EQ(bus->endpoints[0].host, "redis");
  EXPECT_EQ(bus->endpoints[0].port, 6379);
  EXPECT_EQ(bus->password, "hunter2");
  EXPECT_FALSE(bus->tls.enabled);
  EXPECT_EQ(bus->mode, defaults.mode);
  EXPECT_EQ(bus->prefix, defaults.prefix);
  EXPECT_EQ(bus->max_message_bytes, defaults.max_message_bytes);
  EXPECT_EQ(bus->max_backlog_bytes, defaults.max_backlog_bytes);
  EXPECT_EQ(bus->stream_max_entries, defaults.stream_max_entries);
  EXPECT_EQ(bus->probe_interval, defaults.probe_interval);
  EXPECT_EQ(bus->probe_timeout, defaults.probe_timeout);
}

TEST(Convert, ANodeIsNamedByItsKeyOrItsHost) {
  EXPECT_EQ(node_name(config_of("node: {name: north-1}\n")), "north-1");
  std::array<char, 256> host{};
  ASSERT_EQ(gethostname(host.data(), host.size() - 1), 0);
  EXPECT_EQ(node_name(config_of("")), host.data());
}

TEST(Convert, ADrainDeadlineOfZeroIsTheSumOfTheOthersAndFiveSeconds) {
  const auto automatic = to_drain(config_of("drain: {settle: 3s}\n").drain());
  EXPECT_EQ(automatic.settle, milliseconds(3'000));
  EXPECT_EQ(automatic.spread, milliseconds(5'000));
  EXPECT_EQ(automatic.flush, milliseconds(2'000));
  EXPECT_EQ(automatic.deadline, milliseconds(15'000));
  EXPECT_EQ(to_drain(config_of("drain: {deadline: 9s}\n").drain()).deadline, milliseconds(9'000));
}

}  // namespace
}  // namespace crier::services::config
