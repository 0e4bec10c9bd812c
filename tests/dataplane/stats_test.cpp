#include "dataplane/stats.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/dataplane/labels.hpp"

namespace crier::dataplane {
namespace {

using ::testing::Each;

template <class Enum>
std::size_t size_with_last(Enum last) {
  return static_cast<std::size_t>(last) + 1;
}

TEST(Stats, EveryEnumeratorHasALabel) {
  EXPECT_EQ(size_with_last(Source::kNotice), kSources);
  EXPECT_EQ(size_with_last(DropReason::kEvicted), kDropReasons);
  EXPECT_EQ(size_with_last(RejectReason::kStopping), kRejectReasons);
  EXPECT_EQ(size_with_last(AcceptError::kOther), kAcceptErrors);
}

TEST(Stats, LabelsAreUnique) {
  EXPECT_TRUE(all_differ(kSourceLabels));
  EXPECT_TRUE(all_differ(kDropLabels));
  EXPECT_TRUE(all_differ(kRejectLabels));
  EXPECT_TRUE(all_differ(kAcceptErrorLabels));
}

TEST(Stats, LabelsThatAreNotErrnoNamesAreLowerSnake) {
  EXPECT_TRUE(std::all_of(kSourceLabels.begin(), kSourceLabels.end(), is_lower_snake));
  EXPECT_TRUE(std::all_of(kDropLabels.begin(), kDropLabels.end(), is_lower_snake));
  EXPECT_TRUE(std::all_of(kRejectLabels.begin(), kRejectLabels.end(), is_lower_snake));
}

TEST(Stats, LabelsBelongToTheirEnumerators) {
  EXPECT_EQ(kSourceLabels[static_cast<std::size_t>(Source::kReply)], "reply");
  EXPECT_EQ(kDropLabels[static_cast<std::size_t>(DropReason::kQueueFull)], "queue_full");
  EXPECT_EQ(kDropLabels[static_cast<std::size_t>(DropReason::kTooSlow)], "too_slow");
  EXPECT_EQ(kDropLabels[static_cast<std::size_t>(DropReason::kUnencodable)], "unencodable");
  EXPECT_EQ(kDropLabels[static_cast<std::size_t>(DropReason::kClosing)], "closing");
  EXPECT_EQ(kRejectLabels[static_cast<std::size_t>(RejectReason::kOpenFiles)], "open_files");
  EXPECT_EQ(kRejectLabels[static_cast<std::size_t>(RejectReason::kHandshakeFull)],
            "handshake_full");
  EXPECT_EQ(kAcceptErrorLabels[static_cast<std::size_t>(AcceptError::kEnomem)], "ENOMEM");
}

ShardStats all_ones() {
  ShardStats stats;
  stats.offered.fill(1);
  stats.sent_frames = stats.sent_bytes = stats.send_calls = 1;
  stats.dropped.fill(1);
  stats.discarded.fill(1);
  stats.queued_frames = stats.queued_bytes = 1;
  stats.received_frames = stats.received_bytes = 1;
  stats.closed.fill(1);
  stats.connections = stats.connections_slow = 1;
  stats.lifetime.observe(1);
  stats.queue_wait.observe(1);
  stats.loop_lag.observe(1);
  stats.ping_rtt.observe(1);
  return stats;
}

TEST(Stats, SumsEveryFieldOfTheShards) {
  ShardStats sum = all_ones();
  sum += all_ones();
  EXPECT_THAT(sum.offered, Each(2U));
  EXPECT_THAT(sum.dropped, Each(2U));
  EXPECT_THAT(sum.discarded, Each(2U));
  EXPECT_THAT(sum.closed, Each(2U));
  const std::uint64_t numbers[] = {
      sum.sent_frames,      sum.sent_bytes,       sum.send_calls,         sum.queued_frames,
      sum.queued_bytes,     sum.received_frames,  sum.received_bytes,     sum.connections,
      sum.connections_slow, sum.lifetime.count(), sum.queue_wait.count(), sum.loop_lag.count(),
      sum.ping_rtt.count()};
  EXPECT_THAT(numbers, Each(2U));
}

}  // namespace
}  // namespace crier::dataplane
