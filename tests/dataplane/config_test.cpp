#include "dataplane/config.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <string>

namespace crier::dataplane {
namespace {

using ::testing::HasSubstr;

Config sound() {
  Config config;
  config.listeners.emplace_back();
  return config;
}

// What validate says about a sound configuration with one thing changed, as "key: message".
std::string problem(const std::function<void(Config&, ListenerConfig&)>& change) {
  Config config = sound();
  change(config, config.listeners[0]);
  const auto error = validate(config);
  return error ? error->key + ": " + error->message : "fine";
}

TEST(DataplaneConfig, DefaultsAreFine) {
  EXPECT_FALSE(validate(sound()));
}

TEST(DataplaneConfig, NeedsAListener) {
  EXPECT_EQ(problem([](Config& c, auto&) { c.listeners.clear(); }),
            "listeners: there must be at least one");
}

TEST(DataplaneConfig, ShardsAreBoundedByWhatAnIdCanHold) {
  EXPECT_EQ(problem([](Config& c, auto&) { c.shards = 256; }), "fine");
  EXPECT_EQ(problem([](Config& c, auto&) { c.shards = 257; }), "shards: must be at most 256");
}

TEST(DataplaneConfig, APayloadMustFitWhatMayBeInFlight) {
  const std::string refused =
      "max_payload_bytes: must be at least 1 and at most "
      "max_inflight_bytes";
  EXPECT_EQ(problem([](Config& c, auto&) { c.max_payload_bytes = 0; }), refused);
  EXPECT_EQ(problem([](Config& c, auto&) { c.max_inflight_bytes = c.max_payload_bytes; }), "fine");
  EXPECT_EQ(problem([](Config& c, auto&) { c.max_inflight_bytes = c.max_payload_bytes - 1; }),
            refused);
}

TEST(DataplaneConfig, ListenersHaveNamesOfTheirOwn) {
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.name = ""; }),
            "listeners[0].name: must not be empty");
  EXPECT_EQ(problem([](Config& c, auto&) { c.listeners.emplace_back(); }),
            "listeners[1].name: 'default' is already taken");
  EXPECT_EQ(problem([](Config& c, auto&) { c.listeners.emplace_back().name = "other"; }), "fine");
}

TEST(DataplaneConfig, TheKeyNamesTheListener) {
  EXPECT_THAT(problem([](Config& c, auto&) {
                c.listeners.emplace_back().name = "other";
                c.listeners[1].address = "nowhere";
              }),
              HasSubstr("listeners[1].address: 'nowhere' is not numeric host:port"));
}

TEST(DataplaneConfig, AddressesAreNumeric) {
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.address = "localhost:80"; }),
            "listeners[0].address: 'localhost:80' is not numeric host:port, such as 0.0.0.0:8082 "
            "or [::]:8082");
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.address = "[::1]:0"; }), "fine");
}

TEST(DataplaneConfig, LengthPrefixesHaveOneTwoOrFourBytes) {
  for (std::uint32_t bytes = 0; bytes <= 9; ++bytes) {
    const bool fine = bytes == 1 || bytes == 2 || bytes == 4;
    EXPECT_EQ(problem([bytes](auto&, ListenerConfig& l) {
                l.framing = {.kind = FramingKind::kLength, .length_bytes = bytes};
              }),
              fine ? "fine" : "listeners[0].length_bytes: must be 1, 2 or 4");
  }
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.framing.length_bytes = 3; }), "fine");
}

TEST(DataplaneConfig, FixedFramesFitTheLimit) {
  const std::string refused =
      "listeners[0].fixed_bytes: must be at least 1 and at most max_frame_bytes";
  const auto fixed = [](std::uint32_t bytes) {
    return problem([bytes](auto&, ListenerConfig& l) {
      l.framing = {.kind = FramingKind::kFixed, .fixed_bytes = bytes};
      l.max_frame_bytes = 10;
    });
  };
  EXPECT_EQ(fixed(0), refused);
  EXPECT_EQ(fixed(1), "fine");
  EXPECT_EQ(fixed(10), "fine");
  EXPECT_EQ(fixed(11), refused);
}

TEST(DataplaneConfig, FramesHaveAtLeastOneByte) {
  EXPECT_EQ(
      problem([](auto&, ListenerConfig& l) { l.max_frame_bytes = 0; }),
      "listeners[0].max_frame_bytes: must be at least 1 and less than 4 GiB with its framing");
}

TEST(DataplaneConfig, AQueueHoldsTheLargestPayload) {
  const auto with = [](std::uint64_t queue_bytes, std::uint32_t queue_frames) {
    return problem([=](Config& c, ListenerConfig& l) {
      c.max_payload_bytes = 100'000;
      l.queue.max_bytes = queue_bytes;
      l.queue.max_frames = queue_frames;
    });
  };
  EXPECT_EQ(with(100'010, 1), "fine");
  EXPECT_EQ(with(100'009, 1),
            "listeners[0].queue.max_bytes: must hold the largest payload (100000 bytes) with its "
            "framing (10)");
  EXPECT_EQ(with(100'009, 0), "fine");  // nothing is ever queued
}

TEST(DataplaneConfig, AQueueHoldsTheLargestReply) {
  const auto with = [](std::uint64_t queue_bytes) {
    return problem([=](Config& c, ListenerConfig& l) {
      c.max_payload_bytes = 1;
      l.max_frame_bytes = 1000;
      l.queue.max_bytes = queue_bytes;
    });
  };
  EXPECT_EQ(with(1010), "fine");
  EXPECT_EQ(with(1009),
            "listeners[0].queue.max_bytes: must hold a frame of max_frame_bytes with its framing");
}

TEST(DataplaneConfig, AFrameWithItsFramingStaysBelow4GiB) {
  const auto payload = [](std::uint64_t bytes) {
    return problem([=](Config& c, ListenerConfig& l) {
      c.max_payload_bytes = bytes;
      c.max_inflight_bytes = l.queue.max_bytes = UINT64_MAX;
    });
  };
  EXPECT_EQ(payload(UINT32_MAX - 10), "fine");
  EXPECT_EQ(payload(UINT32_MAX - 9), "max_payload_bytes: must be less than 4 GiB with its framing");
  EXPECT_EQ(payload(UINT64_MAX), "max_payload_bytes: must be less than 4 GiB with its framing");
  const auto frame = [](std::uint32_t bytes) {
    return problem([=](auto&, ListenerConfig& l) {
      l.max_frame_bytes = bytes;
      l.queue.max_bytes = UINT64_MAX;
    });
  };
  EXPECT_EQ(frame(UINT32_MAX - 10), "fine");
  EXPECT_EQ(
      frame(UINT32_MAX - 9),
      "listeners[0].max_frame_bytes: must be at least 1 and less than 4 GiB with its framing");
}

TEST(DataplaneConfig, TimesThatEndAConnectionAreMoreThanZero) {
  using std::chrono::milliseconds;
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.write_stall = milliseconds(0); }),
            "listeners[0].write_stall: must be more than 0");
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.partial_frame = milliseconds(0); }),
            "listeners[0].partial_frame: must be more than 0");
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.idle_timeout = milliseconds(-1); }),
            "listeners[0].idle_timeout: must not be negative");
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.idle_timeout = milliseconds(0); }), "fine");
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.max_age = milliseconds(-1); }),
            "listeners[0].max_age: must not be negative");
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.inbound.close_after = milliseconds(-1); }),
            "listeners[0].inbound.close_after: must not be negative");
}

TEST(DataplaneConfig, AProxysHeaderIsOnlyBelievedFromNetworksThatAreNamed) {
  const auto with = [](ProxyProtocol proxy, const std::string& trusted) {
    return problem([=](auto&, ListenerConfig& l) {
      l.proxy_protocol = proxy;
      l.proxy_trusted = trusted;
    });
  };
  EXPECT_EQ(with(ProxyProtocol::kOff, ""), "fine");
  EXPECT_EQ(with(ProxyProtocol::kOff, "10.0.0.0/8"), "fine");
  EXPECT_EQ(with(ProxyProtocol::kRequired, "10.0.0.0/8,::1"), "fine");
  EXPECT_EQ(with(ProxyProtocol::kRequired, ""),
            "listeners[0].proxy_trusted: must name the proxies' networks, since proxy_protocol is "
            "required");
  EXPECT_EQ(with(ProxyProtocol::kOff, "10.0.0.0/33"),
            "listeners[0].proxy_trusted: '10.0.0.0/33' is not a list of networks, such as "
            "10.0.0.0/8,2001:db8::/32");
  EXPECT_EQ(
      problem([](auto&, ListenerConfig& l) { l.handshake_timeout = l.handshake_timeout.zero(); }),
      "listeners[0].handshake_timeout: must be more than 0");
}

TEST(DataplaneConfig, ProcessorsAreKnown) {
  EXPECT_EQ(problem([](auto&, ListenerConfig& l) { l.processor = "nothing"; }),
            "listeners[0].processor: is not the name of a processor; there are discard, echo, "
            "relay, double");
}

}  // namespace
}  // namespace crier::dataplane
