// What clients may not do, and the one reason that each of it is closed for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using ::testing::ElementsAre;

constexpr std::uint32_t kFrameBytesMax = 64;

ListenerConfig listener_of(FramingConfig framing, const char* processor = "echo") {
  ListenerConfig config;
  config.framing = framing;
  config.processor = processor;
  config.max_frame_bytes = kFrameBytesMax;
  return config;
}

// Everything that was counted as closed, by reason.
std::vector<CloseReason> reasons(const ShardHarness& harness) {
  std::vector<CloseReason> all;
  for (const CloseReasonInfo& each : kCloseReasonTable) {
    const std::uint64_t count = harness.shard.stats.closed[static_cast<std::size_t>(each.reason)];
    all.insert(all.end(), count, each.reason);
  }
  return all;
}

struct ProtocolFault {
  const char* name;
  ListenerConfig listener;
  std::string bytes;
  CloseReason reason;
};

class ProtocolFaults : public ::testing::TestWithParam<ProtocolFault> {};

TEST_P(ProtocolFaults, CloseTheirSenderForThatReasonAlone) {
  const ProtocolFault& fault = GetParam();
  ShardHarness harness({fault.listener});
  const int fd = harness.connect();
  const int neighbour = harness.connect();
  for (const char byte : fault.bytes) {
    EXPECT_TRUE(reasons(harness).empty() && !harness.sockets[fd].saw_fin) << "not a byte earlier";
    harness.client_sends(fd, {byte});
  }
  EXPECT_TRUE(harness.sockets[fd].saw_fin) << "with the byte that says so";
  EXPECT_FALSE(harness.sockets[neighbour].saw_fin);
  harness.client_ends(fd);
  EXPECT_THAT(reasons(harness), ElementsAre(fault.reason));
  EXPECT_EQ(harness.partial_memory.used(), 0U);
  EXPECT_NE(harness.connection(neighbour), nullptr);
}

constexpr FramingConfig kLine{.kind = FramingKind::kLine};
constexpr FramingConfig kLength{.kind = FramingKind::kLength, .length_bytes = 4};
constexpr FramingConfig kVarint{.kind = FramingKind::kVarint};

INSTANTIATE_TEST_SUITE_P(
    , ProtocolFaults,
    ::testing::Values(ProtocolFault{"line_too_long", listener_of(kLine),
                                    std::string(kFrameBytesMax + 1, 'x'),
                                    CloseReason::kFrameTooLarge},
                      ProtocolFault{"length_too_large", listener_of(kLength),
                                    std::string("\0\0\0\x41", 4), CloseReason::kFrameTooLarge},
                      ProtocolFault{"varint_too_large", listener_of(kVarint), "\x41",
                                    CloseReason::kFrameTooLarge},
                      ProtocolFault{"varint_that_never_ends", listener_of(kVarint),
                                    "\x80\x80\x80\x80\x80", CloseReason::kMalformedFrame},
                      ProtocolFault{"empty", listener_of(kLength, "double"), std::string(4, '\0'),
                                    CloseReason::kEmptyFrame},
                      ProtocolFault{"refused_by_the_processor", listener_of(kLine, "double"),
                                    "abc\n", CloseReason::kFrameRejected}),
    [](const ::testing::TestParamInfo<ProtocolFault>& i) { return i.param.name; });

TEST(ProtocolFaultsInMemory, BegunFramesOfANodeHaveABound) {
  ListenerConfig large = listener_of(kLength);
  large.max_frame_bytes = 2U << 20U;
  ShardHarness harness({large});
  const int fd = harness.connect();
  // More than the harness has for them.
  harness.client_sends(fd, std::string("\0\x18\0\0", 4) + std::string((1U << 20U) + 1, 'x'));
  harness.client_ends(fd);
  EXPECT_THAT(reasons(harness), ElementsAre(CloseReason::kPartialMemory));
  EXPECT_EQ(harness.partial_memory.used(), 0U);
}

}  // namespace
}  // namespace crier::testing
