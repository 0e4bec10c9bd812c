// PROXY headers from those who may not send them, and through networks that break.
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

TEST_F(ProxyHeaderFaults, AHeaderWithAWrongByteIsRefusedOrNamesThatAddress) {
  auto& scene = start_proxied("127.0.0.0/8");
  for (const std::string& header : {kLine, kBinary}) {
    for (std::uint64_t at = 0; at < header.size(); ++at) {
      FaultPlan plan;
      plan.to_server.corrupt_at = at;
      plan.to_server.flip = static_cast<std::uint8_t>(1 + below(255));
      const Stats before = scene.plane()->stats();
      FaultProxy proxy(scene.plane().address(), plan);
      TcpClient client(proxy.address());
      client.send(header + "a frame\n");
      client.finish();
      const std::string got = client.read_to_any_end();
      scene.plane().await_connections(0);
      const Stats after = scene.plane()->stats();
      const bool taken = after.listeners[0].accepted > before.listeners[0].accepted;
      if (!taken) {
        EXPECT_EQ(got, "") << "byte " << at << ": nobody is answered before the header";
      }
      EXPECT_EQ(closed(after, CloseReason::kInternalError), 0U);
    }
  }
}

}  // namespace
}  // namespace crier::testing
