// A wall clock that jumps. Replaces clock_gettime, so it stands alone.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/listener_setup.hpp"
#include "tests/support/running_dataplane.hpp"

namespace {

std::atomic<std::int64_t> wall_offset_seconds{0};

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += wall_offset_seconds;
  return result;
}

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::system_clock;

constexpr std::size_t kClients = 6;

TEST(WallClock, JumpsHereAndTheSteadyOneDoesNot) {
  const auto wall = system_clock::now();
  const auto steady = std::chrono::steady_clock::now();
  wall_offset_seconds = 3'600;
  EXPECT_GE(system_clock::now() - wall, hours(1));
  EXPECT_LT(std::chrono::steady_clock::now() - steady, hours(1));
  wall_offset_seconds = 0;
  EXPECT_LT(system_clock::now() - wall, hours(1));
}

class ClockJump : public ::testing::TestWithParam<const ListenerSetup*> {
 protected:
  ClockJump()
      : plane_(config(), [this](Dataplane& plane) {
          if (setup_.prepare) setup_.prepare(plane, 0);
        }) {}
  ~ClockJump() override { wall_offset_seconds = 0; }

  static Config config() {
    const ListenerSetup& setup = *GetParam();
    // Nothing here may take half an hour, and every jump is longer.
    ListenerConfig listener = loopback_listener("default", "echo", setup.framing);
    setup.adjust(listener);
    for (auto* bound : {&listener.handshake_timeout, &listener.idle_timeout, &listener.write_stall,
                        &listener.partial_frame, &listener.max_age, &listener.pong_timeout}) {
      *bound = minutes(30);
    }
    ListenerConfig brief = loopback_listener("brief");
    brief.idle_timeout = milliseconds(20);
    return config_of({listener, brief});
  }

  // Until every shard has looked at its deadlines: they are dealt sockets in turn.
  void let_deadlines_pass() {
    const std::uint64_t before = closed(plane_->stats(), CloseReason::kIdleTimeout);
    std::vector<std::unique_ptr<TcpClient>> brief;
    while (brief.size() < 4) brief.push_back(std::make_unique<TcpClient>(plane_.address(1)));
    for (const auto& client : brief) {
      EXPECT_EQ(client->read_to_end(), "");
      client->finish();
    }
    plane_.await_closed(CloseReason::kIdleTimeout, before + brief.size());
  }
  void expect_all_is_well() {
    for (const auto& client : clients_) client->send(payload_);
    Target target;
    target.listener = 0;
    EXPECT_EQ(plane_.broadcast(payload_, target).queued, kClients);
    for (const auto& client : clients_) {
      std::size_t got = 0;
      EXPECT_TRUE(await([&] { return (got += client->arrived().size()) == 2; }));
    }
  }

  const ListenerSetup& setup_ = *GetParam();
  const std::string payload_ =
      std::string(setup_.payload_bytes > 0 ? setup_.payload_bytes : 100, 'w');
  RunningDataplane plane_;
  std::vector<std::unique_ptr<FaultClient>> clients_;
};

TEST_P(ClockJump, ClosesNobody) {
  while (clients_.size() < kClients) clients_.push_back(setup_.connect(plane_.address(), 0));
  plane_.await_connections(kClients);
  expect_all_is_well();
  std::uint64_t brief = 0;
  for (const std::int64_t jump : {3'600, -3'600, 0, 365 * 24 * 3'600}) {
    wall_offset_seconds = jump;
    let_deadlines_pass();
    brief += 4;
    expect_all_is_well();
    // Somebody who comes now is let in as before.
    auto newcomer = setup_.connect(plane_.address(), 0);
    plane_.await_connections(kClients + 1);
    newcomer.reset();
    plane_.await_connections(kClients);
    EXPECT_EQ(closed(plane_->stats()) - closed(plane_->stats(), CloseReason::kReset) -
                  closed(plane_->stats(), CloseReason::kClientClosed),
              brief);
  }
  // Nor is any time that crier measures an hour longer, or shorter than none.
  const Stats stats = plane_->stats();
  for (const double seconds :
       {stats.shards.queue_wait.sum, stats.shards.ping_rtt.sum, stats.shards.lifetime.sum}) {
    EXPECT_GE(seconds, 0);
    EXPECT_LT(seconds, 1'800);
  }
}

std::vector<const ListenerSetup*> every_setup() {
  std::vector<const ListenerSetup*> all;
  for (const ListenerSetup& setup : listener_setups()) all.push_back(&setup);
  return all;
}

INSTANTIATE_TEST_SUITE_P(, ClockJump, ::testing::ValuesIn(every_setup()),
                         [](const ::testing::TestParamInfo<const ListenerSetup*>& i) {
                           return i.param->name;
                         });

}  // namespace
}  // namespace crier::testing
