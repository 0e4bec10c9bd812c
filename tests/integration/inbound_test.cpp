// Clients that send faster than they may. How long something takes at least follows from the rate;
// how long it takes at most is not asked.
#include <chrono>

#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

using InboundTest = DataplaneTest;

std::string lines(int count, std::size_t bytes) {
  std::string all;
  for (int i = 0; i < count; ++i) all += std::to_string(i) + std::string(bytes, 'x') + "\n";
  return all;
}

TEST_F(InboundTest, MessagesAboveTheRateAreAnsweredLater) {
  ListenerConfig listener = loopback_listener("default", "echo");
  listener.inbound.messages_per_second = 20;
  auto& plane = start(config_of({listener, loopback_listener("free", "echo")}));
  auto fast = plane.connect(0);
  auto free = plane.connect(1);
  const std::string all = lines(30, 10);
  const auto begin = std::chrono::steady_clock::now();
  fast->send(all);
  free->send(all);
  EXPECT_EQ(free->read(all.size()), all);
  EXPECT_EQ(fast->read(all.size()), all);
  // A burst of 20, and 10 more.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(500));
}

TEST_F(InboundTest, BytesAboveTheRateAreReadLater) {
  ListenerConfig listener = loopback_listener("default", "echo");
  listener.inbound.bytes_per_second = 20'000;
  auto& plane = start(listener);
  auto fast = plane.connect();
  const std::string all = lines(30, 1'000);
  const auto begin = std::chrono::steady_clock::now();
  fast->send(all);
  EXPECT_EQ(fast->read(all.size()), all);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(500));
}

TEST_F(InboundTest, WhoNeverSlowsDownIsClosed) {
  ListenerConfig listener = loopback_listener("default", "echo");
  listener.inbound.messages_per_second = 1;
  listener.inbound.close_after = milliseconds(300);
  auto& plane = start(listener);
  auto slow = plane.connect();
  auto fast = plane.connect();
  fast->send(lines(100, 10));
  plane.await_closed(CloseReason::kRateLimited);
  (void)fast->read_to_any_end();
  slow->send("x\n");
  EXPECT_EQ(slow->read_line(), "x\n");
}

}  // namespace
}  // namespace crier::testing
