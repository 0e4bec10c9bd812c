#include "services/crierctl/result_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::services::crierctl {
namespace {

void add_drop(v1::BroadcastResponse& response, v1::DropReason reason, std::int64_t count) {
  v1::Drop& drop = *response.add_dropped();
  drop.set_reason(reason);
  drop.set_count(count);
}

TEST(BroadcastResult, SaysOnlyWhatIsNotZero) {
  v1::BroadcastResponse response;
  response.set_matched(3);
  response.set_queued(3);
  add_drop(response, v1::DROP_REASON_QUEUE_FULL, 0);
  EXPECT_EQ(result_text(response), "matched 3, queued 3");
  EXPECT_EQ(result_text(v1::BroadcastResponse()), "matched 0, queued 0");
}

TEST(BroadcastResult, NamesDropsEvictionsAndUnknownIds) {
  v1::BroadcastResponse response;
  response.set_matched(6);
  response.set_queued(3);
  response.set_evicted(4);
  add_drop(response, v1::DROP_REASON_QUEUE_FULL, 2);
  add_drop(response, v1::DROP_REASON_CLOSING, 1);
  response.add_unknown_client_ids("abc");
  response.add_unknown_client_ids("d\x1b");
  EXPECT_EQ(result_text(response),
            "matched 6, queued 3, dropped 3 (queue_full 2, closing 1), evicted 4, "
            "unknown: abc, d\\x1b");
}

TEST(BroadcastResult, CallsAReasonOfANewerServerUnknown) {
  v1::BroadcastResponse response;
  add_drop(response, static_cast<v1::DropReason>(99), 1);
  EXPECT_EQ(result_text(response), "matched 0, queued 0, dropped 1 (unknown 1)");
}

TEST(BroadcastResult, ShowsTenUnknownIdsAndCountsTheRest) {
  v1::BroadcastResponse response;
  for (int i = 0; i < 12; ++i) response.add_unknown_client_ids(std::to_string(i));
  EXPECT_EQ(result_text(response),
            "matched 0, queued 0, unknown: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
}

TEST(NodeResult, CountsAsAWholeAnswerAndGivesTheReasonOfARefusal) {
  v1::NodeCounts node;
  EXPECT_EQ(result_text(node), "matched 0, queued 0");
  node.set_matched(4);
  node.set_queued(3);
  node.set_evicted(2);
  v1::Drop& drop = *node.add_dropped();
  drop.set_reason(v1::DROP_REASON_TOO_SLOW);
  drop.set_count(1);
  EXPECT_EQ(result_text(node), "matched 4, queued 3, dropped 1 (too_slow 1), evicted 2");
  v1::NodeCounts refusing;
  refusing.set_refused("PAYLOAD\x1b");
  EXPECT_EQ(result_text(refusing), "matched 0, queued 0, refused: PAYLOAD\\x1b");
}

TEST(DisconnectResult, CountsAndNamesUnknownIds) {
  v1::DisconnectResponse response;
  response.set_matched(2);
  response.set_disconnected(1);
  EXPECT_EQ(result_text(response), "matched 2, disconnected 1");
  response.add_unknown_client_ids("abc");
  EXPECT_EQ(result_text(response), "matched 2, disconnected 1, unknown: abc");
}

}  // namespace
}  // namespace crier::services::crierctl
