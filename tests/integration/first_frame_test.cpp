// How large the credentials of a client may be, as docs/authentication.md says.
#include "crier/v1/frame.pb.h"
#include "dataplane/framing/base64.hpp"
#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

// Lets everybody in, under the size of his token.
class Measure final : public Authenticator {
 public:
  Outcome check_token(std::string_view token) override {
    return Identity{std::to_string(token.size()), {}, {}};
  }
  Outcome check_certificate(std::string_view, std::chrono::system_clock::time_point) override {
    return AuthProblem::kUnknown;
  }
};

struct FirstFrame {
  FramingConfig framing;
  Codec codec = Codec::kPlain;
  std::string line_end = "\n";

  [[nodiscard]] std::string with_token(std::size_t bytes) const {
    std::string payload(bytes, 'x');
    if (codec == Codec::kEnvelope) {
      v1::ClientFrame frame;
      frame.mutable_hello()->set_token(payload);
      payload = frame.SerializeAsString();
    }
    switch (framing.kind) {
      case FramingKind::kLine: {
        if (codec == Codec::kPlain) return payload + line_end;
        std::string text;
        append_base64(text, payload);
        return text + line_end;
      }
      case FramingKind::kVarint:
        return std::string{static_cast<char>(payload.size() | 0x80U),
                           static_cast<char>(payload.size() >> 7U)} +
               payload;
      default: {
        std::string header;
        for (std::uint32_t left = framing.length_bytes; left-- > 0;) {
          header.push_back(static_cast<char>(payload.size() >> 8U * left & 0xFFU));
        }
        return header + payload;
      }
    }
  }
};

FirstFrame of_length(std::uint32_t length_bytes, Codec codec) {
  FirstFrame frame{{FramingKind::kLength}, codec};
  frame.framing.length_bytes = length_bytes;
  return frame;
}

class FirstFrameTest : public DataplaneTest {
 protected:
  RunningDataplane& start_asking(const FirstFrame& frame, std::uint32_t max_frame_bytes) {
    ListenerConfig listener = loopback_listener("default", "discard");
    listener.framing = frame.framing;
    listener.max_frame_bytes = max_frame_bytes;
    listener.codec = frame.codec;
    listener.authentication = Authentication::kToken;
    listener.handshake_timeout = std::chrono::minutes(1);
    return start(listener,
                 [](Dataplane& plane) { plane.use_authenticator(0, std::make_shared<Measure>()); });
  }
  // A token of that size is taken, and one of a byte more is not.
  void expect_longest(const FirstFrame& frame, std::size_t token_bytes,
                      std::uint32_t max_frame_bytes = 64U << 10U) {
    auto& plane = start_asking(frame, max_frame_bytes);
    TcpClient client(plane.address());
    client.send(frame.with_token(token_bytes));
    plane.await_connections(1);
    EXPECT_EQ(plane.list_all().at(0).identity->subject, std::to_string(token_bytes));
    TcpClient other(plane.address());
    other.send(frame.with_token(token_bytes + 1));
    EXPECT_EQ(other.read_to_any_end(), "");
    await_rejected(plane, RejectReason::kAuthMalformed);
  }
};

TEST_F(FirstFrameTest, OfATokenHasNoMoreThan4KiBWithItsFraming) {
  expect_longest({{FramingKind::kLine}, Codec::kPlain, "\n"}, 4'095);
  expect_longest({{FramingKind::kLine}, Codec::kPlain, "\r\n"}, 4'094);
  expect_longest(of_length(4, Codec::kPlain), 4'092);
  expect_longest(of_length(2, Codec::kPlain), 4'094);
  expect_longest({{FramingKind::kVarint}, Codec::kPlain}, 4'094);
}

TEST_F(FirstFrameTest, OfAHelloHasNoMoreThan4KiBWithItsFraming) {
  expect_longest(of_length(4, Codec::kEnvelope), 4'086);
  expect_longest(of_length(2, Codec::kEnvelope), 4'088);
  expect_longest({{FramingKind::kVarint}, Codec::kEnvelope}, 4'088);
  expect_longest({{FramingKind::kLine}, Codec::kEnvelope}, 3'063);
}

TEST_F(FirstFrameTest, IsBoundedLikeOthersToo) {
  expect_longest({{FramingKind::kLine}, Codec::kPlain}, 64, 64);
  expect_longest(of_length(4, Codec::kEnvelope), 60, 64);
}

}  // namespace
}  // namespace crier::testing
