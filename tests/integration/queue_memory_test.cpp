// The bound on what queues hold, measured in live bytes of the whole process: what the allocator
// has given out, not what queues say of themselves.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"
#include "tests/support/live_bytes.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

constexpr std::size_t kMiB = 1U << 20U;
constexpr ListenerIndex kStalling = 0;
constexpr ListenerIndex kHealthy = 1;

std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  statm >> size >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

// Clients that do not read on one listener, clients that do on another.
Config config_with_budget(std::uint64_t budget) {
  Config config = config_that_stalls(1024);
  config.listeners[kStalling].queue.max_bytes = 2 * kMiB;
  config.listeners.push_back(loopback_listener("healthy"));
  config.max_payload_bytes = 512U << 10U;
  config.max_inflight_bytes = 8 * kMiB;
  config.max_partial_bytes = kMiB;
  config.max_queue_memory = budget;
  return config;
}

class QueueMemoryTest : public DataplaneTest {
 protected:
  [[nodiscard]] static std::uint64_t entered(const Stats& stats, PressureLevel level) {
    return stats.queue_memory.transitions[static_cast<std::size_t>(level)];
  }
  static void await_calm(RunningDataplane& plane) {
    plane.await_stats(
        [](const Stats& stats) { return stats.queue_memory.level == PressureLevel::kCalm; });
  }
  // Until it is accepted.
  static BroadcastResult broadcast(RunningDataplane& plane, const Broadcast& broadcast) {
    for (;;) {
      Answer<BroadcastResult> answer;
      const Submit submit = plane->broadcast(broadcast, answer.callback());
      if (submit == Submit::kAccepted) return answer.get();
      if (submit != Submit::kMemoryFull && submit != Submit::kOverloaded) {
        throw std::runtime_error("refused: " + std::to_string(static_cast<int>(submit)));
      }
      Answer<bool> room;
      plane->when_ready([tell = room.callback()] { tell(true); });
      (void)room.get();
    }
  }
};

// --- Readers that have stalled

struct Flood {
  const char* name;
  std::size_t frame_bytes;
  OverflowPolicy overflow;
  std::uint64_t budget;
  std::size_t readers = 2'000;
};

std::ostream& operator<<(std::ostream& out, const Flood& flood) {
  return out << flood.name;
}

class StalledReadersTest : public QueueMemoryTest, public ::testing::WithParamInterface<Flood> {
 protected:
  static constexpr std::size_t kHealthyClients = 4;
  static constexpr int kRounds = 50;

  void SetUp() override {
    Config config = config_with_budget(GetParam().budget);
    config.listeners[kStalling].queue.overflow = GetParam().overflow;
    if (wide_pushes_out()) config.listeners[kStalling].queue.max_frames = short_queue();
    plane_ = &start(config);
    healthy_ = plane_->connect(kHealthy, kHealthyClients);
    readers_ = connect_readers();
    for (const ClientInfo& info : plane_->list_all()) {
      if (info.listener == kStalling) ids_.push_back(info.id);
    }
    frame_.overflow = GetParam().overflow;
    frame_.target.only.emplace();
    frame_.target.listener = kStalling;
    frame_.payload = stamped(0, GetParam().frame_bytes);
  }

  void TearDown() override {
    readers_.clear();
    healthy_.clear();
    DataplaneTest::TearDown();
  }

  std::vector<std::unique_ptr<TcpClient>> connect_readers() {
    std::vector<std::unique_ptr<TcpClient>> readers;
    while (readers.size() < scaled(GetParam().readers)) {
      readers.push_back(std::make_unique<TcpClient>(plane_->address(kStalling), kSmallWindow));
    }
    plane_->await_connections(kHealthyClients + readers.size());
    return readers;
  }

  // Frames for one client each, four times the budget in all; whatever is refused is not repeated.
  void flood() {
    const std::size_t frames = 4 * GetParam().budget / GetParam().frame_bytes / kRounds;
    for (std::size_t i = 0; i < frames; ++i) {
      *frame_.target.only = {ids_[next_++ % ids_.size()]};
      const Submit submit = (*plane_)->broadcast(frame_, nullptr);
      (submit == Submit::kAccepted ? accepted_ : refused_) += 1;
    }
  }

  // Everybody's turn: the stalled get it, too.
  void everybody(int round) {
    Broadcast wide;
    wide.payload = stamped(static_cast<std::uint64_t>(round), GetParam().frame_bytes);
    // A frame that all share would push out what each holds alone.
    if (wide_pushes_out()) wide.target.listener = kHealthy;
    const BroadcastResult result = broadcast(*plane_, wide);
    EXPECT_GE(result.queued, healthy_.size());
    for (const auto& client : healthy_) {
      ASSERT_EQ(client->read(wide.payload.size() + 1), wide.payload + "\n") << "round " << round;
    }
  }

  // Soon full, though all of them together hold more than the budget.
  static std::uint32_t short_queue() {
    const std::size_t of_all = 3 * GetParam().budget / 2 / GetParam().frame_bytes;
    return static_cast<std::uint32_t>(of_all / scaled(GetParam().readers) + 1);
  }
  static bool wide_pushes_out() { return GetParam().overflow == OverflowPolicy::kDropOldest; }

  RunningDataplane* plane_ = nullptr;
  std::vector<std::unique_ptr<TcpClient>> healthy_;
  std::vector<std::unique_ptr<TcpClient>> readers_;
  std::vector<ClientId> ids_;
  Broadcast frame_;
  std::size_t next_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t refused_ = 0;
};

TEST_P(StalledReadersTest, NeverPushTheProcessPastItsBudget) {
  const std::int64_t live_before = live_bytes();
  const std::int64_t resident_before = resident_bytes();
  std::int64_t resident_peak = resident_before;
  std::uint64_t retained_peak = 0;
  reset_peak();
  for (int round = 0; round < kRounds; ++round) {
    flood();
    everybody(round);
    retained_peak = std::max(retained_peak, (*plane_)->stats().queue_memory.retained_bytes);
    resident_peak = std::max(resident_peak, resident_bytes());
    ASSERT_EQ(conservation_problem((*plane_)->stats()), "");
  }
  const std::int64_t peak = peak_live_bytes() - live_before;
  EXPECT_LE(static_cast<double>(peak), 1.05 * static_cast<double>(GetParam().budget));

  const Stats stats = (*plane_)->stats();
  EXPECT_GE(entered(stats, PressureLevel::kShed), 1U);
  EXPECT_GE(entered(stats, PressureLevel::kEvict), 1U);
  EXPECT_GE(closed(stats, CloseReason::kMemory), 1U);
  EXPECT_EQ(stats.shards.dropped[static_cast<std::size_t>(DropReason::kEvicted)] > 0,
            GetParam().overflow == OverflowPolicy::kDropOldest);
  // Only readers that stalled.
  EXPECT_EQ(stats.listeners[kHealthy].connections, healthy_.size());

  readers_.clear();
  plane_->await_connections(healthy_.size());
  await_calm(*plane_);
  // Blocks that both shards keep for reuse.
  EXPECT_LE(live_bytes() - live_before, static_cast<std::int64_t>(4 * kMiB));
  everybody(kRounds);

  std::printf(
      "%s: %zu stalled readers, budget %.1f MiB: retained at most %.1f MiB, live bytes at most "
      "%.1f MiB more, resident %.1f MiB more; %lu frames accepted, %lu refused, %lu readers "
      "evicted; levels entered: calm %lu, shed %lu, evict %lu, full %lu\n",
      GetParam().name, ids_.size(), static_cast<double>(GetParam().budget) / kMiB,
      static_cast<double>(retained_peak) / kMiB, static_cast<double>(peak) / kMiB,
      static_cast<double>(resident_peak - resident_before) / kMiB, accepted_, refused_,
      closed((*plane_)->stats(), CloseReason::kMemory), entered(stats, PressureLevel::kCalm),
      entered(stats, PressureLevel::kShed), entered(stats, PressureLevel::kEvict),
      entered(stats, PressureLevel::kFull));
}

INSTANTIATE_TEST_SUITE_P(
    QueueMemory, StalledReadersTest,
    ::testing::Values(Flood{"DropNewest64KiB", 64U << 10U, OverflowPolicy::kDropNewest, 64 * kMiB},
                      Flood{"DropOldest64KiB", 64U << 10U, OverflowPolicy::kDropOldest, 64 * kMiB,
                            800},
                      Flood{"SmallFrames", 1'000, OverflowPolicy::kDropNewest, 16 * kMiB}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

// --- One step at a time

// Holds `frames` frames of 512 KiB and does not read.
std::unique_ptr<TcpClient> stalled_holder(RunningDataplane& plane, std::size_t frames) {
  auto client = plane.connect(kStalling, kSmallWindow);
  for (std::size_t i = 0; i < frames; ++i) {
    EXPECT_EQ(plane.broadcast(std::string(512U << 10U, 'x')).queued, 1U);
  }
  return client;
}

Config config_of_one_holder() {
  Config config = config_with_budget(8 * kMiB);
  config.listeners[kStalling].queue.max_bytes = 32 * kMiB;
  return config;
}

TEST_F(QueueMemoryTest, FramesAreFreedWhenTheirOnlyHolderIsEvicted) {
  RunningDataplane& plane = start(config_of_one_holder());
  const std::int64_t before = live_bytes();
  const auto client = stalled_holder(plane, 14);
  EXPECT_GE(live_bytes() - before, static_cast<std::int64_t>(7 * kMiB));
  Broadcast more;
  more.payload = std::string(512U << 10U, 'x');
  more.target.listener = kStalling;
  // Does not fit beside what is held: it has to wait for the eviction.
  while (closed(plane->stats(), CloseReason::kMemory) == 0) (void)broadcast(plane, more);
  await_calm(plane);
  EXPECT_EQ(plane->stats().shards.connections, 0U);
  EXPECT_LE(live_bytes() - before, static_cast<std::int64_t>(2 * kMiB));
}

TEST_F(QueueMemoryTest, AFrameThatDoesNotFitIsRefusedUntilEvictionHasMadeRoom) {
  Config config = config_of_one_holder();
  config.max_queue_memory = 10 * kMiB;
  RunningDataplane& plane = start(config);
  const auto client = stalled_holder(plane, 17);  // 85 %: nobody is evicted for that
  // What is on its way stays there while nobody is answered.
  std::promise<void> release;
  Broadcast more;
  more.payload = std::string(512U << 10U, 'x');
  more.target.listener = kStalling;
  const auto answer = [held = release.get_future().share()](const BroadcastResult&) {
    held.wait();
  };
  Submit submit = Submit::kAccepted;
  while (submit == Submit::kAccepted) submit = plane->broadcast(more, answer);
  EXPECT_EQ(submit, Submit::kMemoryFull);
  Answer<bool> room;
  plane->when_ready([tell = room.callback()] { tell(true); });
  release.set_value();
  EXPECT_TRUE(room.get());
  plane.await_closed(CloseReason::kMemory);
  const Stats stats = plane->stats();
  EXPECT_EQ(stats.queue_memory.refused, 1U);
  EXPECT_GE(entered(stats, PressureLevel::kShed), 1U);
  EXPECT_GE(entered(stats, PressureLevel::kEvict), 1U);
  EXPECT_EQ(entered(stats, PressureLevel::kFull), 1U);
  EXPECT_EQ(plane->broadcast(more, nullptr), Submit::kAccepted);
  await_calm(plane);
}

TEST_F(QueueMemoryTest, NobodyIsLetInWhileQueuesHoldTooMuchAndStallsAreCutShort) {
  RunningDataplane& plane = start(config_of_one_holder());
  const auto holder = stalled_holder(plane, 13);  // 81 %: nobody is evicted for that
  plane.await_stats(
      [](const Stats& stats) { return stats.queue_memory.level == PressureLevel::kShed; });
  TcpClient refused(plane.address(kHealthy));
  EXPECT_EQ(refused.read_to_any_end(), "");
  EXPECT_EQ(
      plane->stats().listeners[kHealthy].rejected[static_cast<std::size_t>(RejectReason::kMemory)],
      1U);
  // Otherwise this would take kPatience.
  plane.await_closed(CloseReason::kWriteStall);
  await_calm(plane);
  EXPECT_EQ(closed(plane->stats(), CloseReason::kMemory), 0U);
  const auto welcome = plane.connect(kHealthy);
  EXPECT_EQ(plane.broadcast("hello").queued, 1U);
  EXPECT_EQ(welcome->read_line(), "hello\n");
}

TEST_F(QueueMemoryTest, RepliesThatNobodyReadsStayWithinItToo) {
  constexpr std::uint64_t kBudget = 8 * kMiB;
  Config config = config_with_budget(kBudget);
  config.listeners[kStalling].processor = "echo";
  config.listeners[kStalling].max_frame_bytes = 64U << 10U;
  RunningDataplane& plane = start(config);
  std::vector<std::unique_ptr<TcpClient>> clients;
  for (std::size_t i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<TcpClient>(plane.address(kStalling), kSmallWindow));
  }
  plane.await_connections(clients.size());
  const std::string frame = stamped(0, 60'000) + "\n";
  const std::int64_t before = live_bytes();
  reset_peak();
  // Round by round, whatever the kernel takes, until some were evicted for it.
  while (closed(plane->stats(), CloseReason::kMemory) == 0) {
    for (const auto& client : clients) {
      try {
        (void)client->send_some(frame);
      } catch (const std::runtime_error&) {  // evicted
      }
    }
  }
  EXPECT_LE(peak_live_bytes() - before,
            static_cast<std::int64_t>(1.05 * kBudget + static_cast<double>(2 * kMiB)))
      << "replies, and the input that waits for them";
  clients.clear();
  plane.await_connections(0);
  await_calm(plane);
}

}  // namespace
}  // namespace crier::testing
