// PROXY headers from those who may not send them, and through networks that break.
#include <mutex>
#include <optional>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include "tests/dataplane/proxy/headers.hpp"
#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

const std::string kLine = "PROXY TCP4 192.0.2.1 198.51.100.2 40000 8082\r\n";
const std::string kBinary = proxy_v2(0x21, 0x11, ipv4_addresses());

class ProxyHeaderFaults : public FaultTest {
 protected:
  FaultScene& start_proxied(const std::string& trusted) {
    return start(setup_named("line"),
                 {.witnesses = 0, .publishers = 0, .adjust = [trusted](Config& config) {
                    config.listeners[0].proxy_protocol = ProxyProtocol::kRequired;
                    config.listeners[0].proxy_trusted = trusted;
                  }});
  }
};

TEST_F(ProxyHeaderFaults, NobodyForgesAnAddressWhoIsNotTrusted) {
  auto& scene = start_proxied("192.0.2.0/24");
  std::uint64_t spoofs = 0;
  for (const std::string& header :
       {kLine, kBinary, kLine.substr(0, 20), kBinary.substr(0, 20), std::string("hello\n"),
        proxy_v2(0x21, 0x11, ipv4_addresses() + std::string(60'000, 't'))}) {
    for (const std::uint32_t slice : {0U, 1U, 7U}) {
      FaultPlan plan;
      plan.to_server.slice_bytes = slice;
      FaultProxy proxy(scene.plane().address(), plan);
      try {
        TcpClient client(proxy.address());
        client.send(header + "and a frame\n");
        EXPECT_EQ(client.read_to_any_end(), "");
      } catch (const std::system_error&) {
        // It was closed before.
      }
      ++spoofs;
      EXPECT_TRUE(await([&] { return scene.rejected(RejectReason::kProxyUntrusted) >= spoofs; }));
    }
  }
  EXPECT_EQ(scene.rejected(RejectReason::kProxyUntrusted), spoofs);
  EXPECT_EQ(scene.plane()->stats().listeners[0].accepted, 0U) << "none was a client";
}

TEST_F(ProxyHeaderFaults, AHeaderCutAnywhereMakesNobodyAClient) {
  auto& scene = start_proxied("127.0.0.0/8");
  std::uint64_t cuts = 0;
  for (const std::string& header : {kLine, kBinary}) {
    for (std::uint64_t at = 0; at < header.size(); ++at) {
      for (const auto end : {DirectionPlan::End::kHalfClose, DirectionPlan::End::kResetTarget}) {
        FaultPlan plan;
        plan.to_server = {.slice_bytes = 5, .end = end, .end_at = at};
        FaultProxy proxy(scene.plane().address(), plan);
        TcpClient client(proxy.address());
        client.send(header + "never read\n");
        EXPECT_EQ(client.read_to_any_end(), "");
        ++cuts;
      }
    }
  }
  EXPECT_TRUE(await([&] { return scene.rejected(RejectReason::kProxyIncomplete) >= cuts; }));
  EXPECT_EQ(scene.rejected(RejectReason::kProxyIncomplete), cuts);
  const Stats stats = scene.plane()->stats();
  EXPECT_EQ(stats.listeners[0].accepted, 0U);
  EXPECT_EQ(stats.listeners[0].handshaking, 0U);
}

// Who a header names, read by something else than crier; whatever crier takes must be one of these.
// Empty: nobody, so that the client's address is its socket's.
std::string named_by(const std::string& header) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(header.at(at)); };
  if (header.starts_with("PROXY ")) {
    std::istringstream words(header);
    std::string magic, family, source, destination, port;
    words >> magic >> family >> source >> destination >> port;
    return family == "UNKNOWN" ? "" : source + ":" + port;
  }
  constexpr std::uint8_t kProxyCommand = 0x21;
  constexpr std::uint8_t kTcpOverIpv4 = 0x11;
  if (byte(12) != kProxyCommand || byte(13) != kTcpOverIpv4) return "";
  std::string text;
  for (std::size_t at = 16; at < 20; ++at) text += std::to_string(byte(at)) + (at < 19 ? "." : ":");
  return text + std::to_string(byte(24) << 8U | byte(25));
}

// A listener behind a proxy, and what became of everybody who came, in the words of crier.
class WrongByteFaults : public FaultTest {
 protected:
  // The address of the client that this made, or the reason why it made none.
  std::variant<std::string, RejectReason> try_header(const std::string& header,
                                                     std::string& own_address) {
    TcpClient client(scene_->plane().address());
    own_address = client.local_address();
    client.send(header + "a frame\n");
    client.finish();
    heard_ = client.read_to_any_end();
    std::optional<std::variant<std::string, RejectReason>> outcome;
    EXPECT_TRUE(await([&] {
      const std::lock_guard lock(mutex_);
      return (outcome = std::exchange(outcome_, std::nullopt)).has_value();
    }));
    return outcome.value();
  }

  void SetUp() override {
    setup_.prepare = [this](Dataplane& plane, ListenerIndex) {
      plane.on_closed([this](const ClosedClient& client) { note(client.peer.text()); });
      plane.on_rejected([this](const RejectedClient& client) { note(client.reason); });
    };
    scene_ = &start(setup_, {.witnesses = 0, .publishers = 0, .adjust = [](Config& config) {
                               config.listeners[0].proxy_protocol = ProxyProtocol::kRequired;
                               config.listeners[0].proxy_trusted = "127.0.0.0/8";
                             }});
  }
  void note(std::variant<std::string, RejectReason> outcome) {
    const std::lock_guard lock(mutex_);
    EXPECT_FALSE(outcome_) << "each has one end";
    outcome_ = std::move(outcome);
  }

  FaultScene* scene_ = nullptr;
  std::string heard_;

 private:
  ListenerSetup setup_ = setup_named("line");
  std::mutex mutex_;
  std::optional<std::variant<std::string, RejectReason>> outcome_;  // mutex_
};

TEST_F(WrongByteFaults, AHeaderWithAWrongByteIsRefusedOrNamesThatAddress) {
  std::size_t taken = 0;
  for (const std::string& header : {kLine, kBinary}) {
    for (std::size_t at = 0; at < header.size(); ++at) {
      // Each bit, and any of them together.
      for (unsigned bit = 0; bit <= 8; ++bit) {
        std::string changed = header;
        changed[at] ^= static_cast<char>(bit < 8 ? 1U << bit : 1 + below(255));
        SCOPED_TRACE("byte " + std::to_string(at) + " is " +
                     std::to_string(static_cast<std::uint8_t>(changed[at])));
        std::string own;
        const auto outcome = try_header(changed, own);
        if (const auto* reason = std::get_if<RejectReason>(&outcome)) {
          EXPECT_TRUE(*reason == RejectReason::kProxyMalformed ||
                      *reason == RejectReason::kProxyIncomplete);
          EXPECT_EQ(heard_, "") << "nobody is answered before the header";
        } else {
          const std::string named = named_by(changed);
          EXPECT_EQ(std::get<std::string>(outcome), named.empty() ? own : named);
          ++taken;
        }
      }
    }
  }
  EXPECT_GT(taken, 100U) << "digits and bytes of addresses are as good as others";
  EXPECT_EQ(scene_->closed(CloseReason::kInternalError), 0U);
}

}  // namespace
}  // namespace crier::testing
