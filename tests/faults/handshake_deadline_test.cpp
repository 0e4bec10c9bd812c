// Handshakes of which a byte comes now and then, by a clock moved by hand: whatever comes, their
// deadline stays where the accept has put it.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>

#include "dataplane/connection/system_sockets.hpp"
#include "dataplane/processors/registry.hpp"
#include "dataplane/shard/lobby.hpp"
#include "tests/dataplane/proxy/headers.hpp"
#include "tests/faults/secure_layer.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/running_dataplane.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

constexpr milliseconds kTimeout{5'000};
const std::string kLine = "PROXY TCP4 192.0.2.1 198.51.100.2 40000 8082\r\n";
const std::string kBinary = proxy_v2(0x21, 0x11, ipv4_addresses());

class KnowsNobody final : public Authenticator {
 public:
  Outcome check_token(std::string_view) override { return AuthProblem::kUnknown; }
  Outcome check_certificate(std::string_view, std::chrono::system_clock::time_point) override {
    return AuthProblem::kUnknown;
  }
};

enum Step : unsigned { kProxy = 1, kTls = 2, kToken = 4, kEnvelope = 8 };

ListenerConfig listener_with(unsigned steps) {
  ListenerConfig config = loopback_listener();
  config.handshake_timeout = kTimeout;
  if ((steps & kProxy) != 0) config.proxy_protocol = ProxyProtocol::kRequired;
  config.tls = (steps & kTls) != 0;
  if ((steps & kToken) != 0) config.authentication = Authentication::kToken;
  if ((steps & kEnvelope) != 0) {
    config.codec = Codec::kEnvelope;
    config.framing = {.kind = FramingKind::kLength, .length_bytes = 4};
  }
  return config;
}

// One socket in a lobby, its other end, and the time.
class Waiting {
 public:
  explicit Waiting(unsigned steps)
      : listener_(0, listener_with(steps), make_processor(listener_with(steps))),
        lobby_(poller_, sockets_, memory_,
               {[this](ListenerContext&, Arrival) { came_in_ = true; }, [] {}}) {
    if ((steps & kTls) != 0) {
      const auto pair = certificates_.make("localhost");
      listener_.tls.set(
          std::get<TlsContextPtr>(TlsContext::load({pair.cert_file, pair.key_file, {}, {}})));
    }
    listener_.authenticator = std::make_shared<KnowsNobody>();
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    client_.emplace(ends[0]);
    listener_.connections = 1;
    listener_.handshaking = 1;
    lobby_.add(listener_, {FileDescriptor(ends[1]), PeerAddress()}, now_);
  }

  [[nodiscard]] Time deadline() const { return began_ + kTimeout; }
  [[nodiscard]] bool waits() const { return !came_in_ && listener_.handshaking == 1; }
  [[nodiscard]] std::uint64_t rejected(RejectReason reason) const {
    return listener_.rejected[static_cast<std::size_t>(reason)];
  }
  // What crier has sent.
  [[nodiscard]] std::string heard() { return client_->read_available(); }
  // The same up to the end of the connection, for which it waits.
  [[nodiscard]] std::string last_words() { return client_->read_to_any_end(); }

  // Sends the bytes one by one, evenly, the last of them at `until`.
  void trickle(std::string_view bytes, Time until) {
    const Time from = now_;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      pass_to(from + (until - from) * static_cast<int>(i + 1) / static_cast<int>(bytes.size()));
      client_->send(bytes.substr(i, 1));
      lobby_.on_event({kFirstToken, true, true, false}, now_);
    }
  }
  void pass_to(Time time) {
    now_ = time;
    lobby_.expire(now_);
  }
  // When the shard would look again.
  [[nodiscard]] Time soonest() const { return lobby_.soonest(); }

 private:
  static constexpr std::uint64_t kFirstToken = std::uint64_t{1} << 63U;

  const Certificates certificates_;
  const Time began_ = Clock::now();
  Time now_ = began_;
  bool came_in_ = false;
  asio::io_context context_;
  Poller poller_{context_};
  SystemSockets sockets_;
  QueueMemory memory_;
  ListenerContext listener_;
  Lobby lobby_;
  std::optional<TcpClient> client_;
};

struct Trickle {
  const char* name;
  unsigned steps;
  std::string bytes;  // all but the last of what the step needs
  RejectReason reason;
};

class HandshakeDeadline : public ::testing::TestWithParam<Trickle> {};

TEST_P(HandshakeDeadline, IsNotPutOffByBytesThatCome) {
  const Trickle& slow = GetParam();
  Waiting waiting(slow.steps);
  waiting.trickle(slow.bytes, waiting.deadline() - milliseconds(1));
  EXPECT_TRUE(waiting.waits());
  EXPECT_EQ(waiting.soonest(), waiting.deadline()) << "not per byte";
  waiting.pass_to(waiting.deadline());
  ASSERT_EQ(waiting.rejected(slow.reason), 1U);
  EXPECT_EQ(waiting.last_words(), "") << "nothing is sent to it";
}

std::string all_but_the_last(std::string bytes) {
  bytes.pop_back();
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    , HandshakeDeadline,
    ::testing::Values(
        Trickle{"proxy_1", kProxy, all_but_the_last(kLine), RejectReason::kProxyIncomplete},
        Trickle{"proxy_2", kProxy, all_but_the_last(kBinary), RejectReason::kProxyIncomplete},
        Trickle{"tls", kTls, all_but_the_last(SecureLayer().take_ciphertext()),
                RejectReason::kTlsIncomplete},
        Trickle{"token", kToken, std::string(300, 't'), RejectReason::kAuthIncomplete},
        // A hello of 256 bytes, as its prefix says.
        Trickle{"hello", kEnvelope, std::string("\0\0\1\0\x0A\xFD\1", 7) + std::string(250, 'h'),
                RejectReason::kAuthIncomplete}),
    [](const ::testing::TestParamInfo<Trickle>& i) { return i.param.name; });

TEST(HandshakeDeadlineOfAll, IsOneForAllSteps) {
  Waiting waiting(kProxy | kTls | kToken);
  SecureLayer secure;
  waiting.trickle(kLine, waiting.deadline() - milliseconds(4'000));
  waiting.trickle(secure.take_ciphertext(), waiting.deadline() - milliseconds(3'000));
  (void)secure.receive(waiting.heard());
  waiting.trickle(secure.take_ciphertext(), waiting.deadline() - milliseconds(2'000));
  EXPECT_TRUE(secure.connected());
  secure.send("half a tok");
  waiting.trickle(secure.take_ciphertext(), waiting.deadline() - milliseconds(1));
  EXPECT_TRUE(waiting.waits());
  EXPECT_EQ(waiting.soonest(), waiting.deadline());
  waiting.pass_to(waiting.deadline());
  ASSERT_EQ(waiting.rejected(RejectReason::kAuthIncomplete), 1U) << "it had come that far";
  EXPECT_EQ(waiting.last_words(), "");
}

}  // namespace
}  // namespace crier::testing
