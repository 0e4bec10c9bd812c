#include "dataplane/envelope/server_frame.hpp"

#include <gtest/gtest.h>

#include <string>

#include "crier/v1/frame.pb.h"

namespace crier::dataplane::envelope {
namespace {

using std::chrono::milliseconds;

v1::ServerFrame parsed(const std::string& message) {
  v1::ServerFrame frame;
  EXPECT_TRUE(frame.ParseFromString(message));
  EXPECT_EQ(frame.SerializeAsString(), message) << "written as protobuf would write it";
  return frame;
}

TEST(ServerFrame, Hello) {
  const auto hello =
      parsed(server_hello({"client", milliseconds(25'000), milliseconds(0)})).hello();
  EXPECT_EQ(hello.client_id(), "client");
  EXPECT_EQ(hello.ping_interval_ms(), 25'000U);
  EXPECT_EQ(hello.pong_timeout_ms(), 0U);
}

TEST(ServerFrame, PingAndPong) {
  for (const std::uint64_t id :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, UINT64_MAX}) {
    EXPECT_TRUE(parsed(ping(id)).has_ping());
    EXPECT_EQ(parsed(ping(id)).ping().id(), id);
    EXPECT_TRUE(parsed(pong(id)).has_pong());
    EXPECT_EQ(parsed(pong(id)).pong().id(), id);
  }
}

TEST(ServerFrame, Gap) {
  const auto gap = parsed(envelope::gap(3, UINT64_MAX)).gap();
  EXPECT_EQ(gap.frames(), 3U);
  EXPECT_EQ(gap.total(), UINT64_MAX);
}

TEST(ServerFrame, EveryReasonToCloseHasACode) {
  for (const CloseReasonInfo& each : kCloseReasonTable) {
    const auto away = parsed(goaway(each.reason, milliseconds(1'500))).goaway();
    EXPECT_TRUE(v1::Goaway::Code_IsValid(away.code()));
    EXPECT_NE(away.code(), v1::Goaway::CODE_UNSPECIFIED);
    EXPECT_EQ(away.reason(), each.label);
    EXPECT_EQ(away.reconnect_after_ms(), 1'500U);
  }
  EXPECT_EQ(parsed(goaway(CloseReason::kDrain, milliseconds(0))).goaway().code(),
            v1::Goaway::CODE_DRAIN);
  EXPECT_EQ(parsed(goaway(CloseReason::kAuthExpired, milliseconds(0))).goaway().code(),
            v1::Goaway::CODE_CREDENTIALS);
  EXPECT_EQ(parsed(goaway(CloseReason::kMaxAge, milliseconds(0))).goaway().code(),
            v1::Goaway::CODE_MAX_AGE);
}

TEST(ServerFrame, AnythingFitsTheSmallestFraming) {
  for (const CloseReasonInfo& each : kCloseReasonTable) {
    EXPECT_LE(goaway(each.reason, milliseconds(UINT32_MAX)).size(), 255U);
  }
}

TEST(ServerFrame, ThePayloadHeaderMakesAPayloadAMessage) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 100'000U}) {
    std::string message;
    append_payload_header(message, size);
    message.append(size, 'x');
    EXPECT_EQ(parsed(message).payload().size(), size);
  }
}

}  // namespace
}  // namespace crier::dataplane::envelope
