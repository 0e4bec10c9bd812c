#include "services/crierctl/broadcast_totals.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::services::crierctl {
namespace {

template <typename Counts>
void add_drop(Counts& counts, v1::DropReason reason, std::int64_t count) {
  v1::Drop& drop = *counts.add_dropped();
  drop.set_reason(reason);
  drop.set_count(count);
}

v1::BroadcastResponse matched(std::int64_t count) {
  v1::BroadcastResponse response;
  response.set_matched(count);
  response.set_queued(count);
  return response;
}

v1::BroadcastResponse published_as(v1::Published published) {
  v1::BroadcastResponse response = matched(1);
  response.set_published(published);
  return response;
}

// An answer in which node b/2 refused a payload, or not.
v1::BroadcastResponse of_two_nodes(const std::string& refused) {
  v1::BroadcastResponse response = matched(3);
  response.mutable_local()->set_node_id("a/1");
  response.mutable_local()->set_matched(1);
  response.mutable_local()->set_queued(1);
  v1::NodeCounts& other = *response.add_nodes();
  other.set_node_id("b/2");
  other.set_matched(2);
  other.set_queued(1);
  add_drop(other, v1::DROP_REASON_QUEUE_FULL, 1);
  other.set_refused(refused);
  return response;
}

TEST(BroadcastTotals, AddUpCountByCount) {
  v1::BroadcastResponse one;
  one.set_matched(3);
  one.set_queued(1);
  one.set_evicted(5);
  add_drop(one, v1::DROP_REASON_QUEUE_FULL, 2);
  one.add_unknown_client_ids("abc");
  v1::BroadcastResponse other;
  other.set_matched(1);
  add_drop(other, v1::DROP_REASON_TOO_SLOW, 1);
  other.add_unknown_client_ids("abc");
  BroadcastTotals totals;
  totals.add(one);
  totals.add(one);
  totals.add(other);
  EXPECT_EQ(totals_text(totals),
            "3 broadcasts: matched 7, queued 2, dropped 5 (queue_full 4, too_slow 1), evicted 10, "
            "unknown: abc");
  EXPECT_TRUE(reached_every_node(totals));
}

TEST(BroadcastTotals, GroupTheirNumberAndKnowTheSingular) {
  BroadcastTotals totals;
  EXPECT_EQ(totals_text(totals), "0 broadcasts: matched 0, queued 0");
  totals.add(matched(2));
  EXPECT_EQ(totals_text(totals), "1 broadcast: matched 2, queued 2");
  for (int i = 1; i < 1'000; ++i) totals.add(matched(2));
  EXPECT_EQ(totals_text(totals), "1,000 broadcasts: matched 2000, queued 2000");
}

TEST(BroadcastTotals, SayHowManyWereNotPublishedWhereAnyWere) {
  BroadcastTotals totals;
  totals.add(published_as(v1::PUBLISHED_CONFIRMED));
  totals.add(published_as(v1::PUBLISHED_UNCONFIRMED));
  EXPECT_EQ(totals_text(totals), "2 broadcasts: matched 2, queued 2");
  EXPECT_TRUE(reached_every_node(totals));
  totals.add(published_as(v1::PUBLISHED_BACKLOG_FULL));
  totals.add(published_as(v1::PUBLISHED_BUS_DOWN));
  totals.add(published_as(v1::PUBLISHED_CONFIRMED));
  EXPECT_EQ(totals_text(totals), "5 broadcasts: matched 5, queued 5, not published 2");
  EXPECT_EQ(totals.sum.published(), v1::PUBLISHED_BACKLOG_FULL);
  EXPECT_FALSE(reached_every_node(totals));
}

TEST(BroadcastTotals, AddUpNodeByNode) {
  BroadcastTotals totals;
  totals.add(of_two_nodes(""));
  totals.add(of_two_nodes("PAYLOAD_TOO_LARGE"));
  totals.add(of_two_nodes("OTHER"));
  v1::BroadcastResponse alone = matched(1);
  *alone.mutable_local() = of_two_nodes("").local();
  alone.add_unreachable("b/2");
  totals.add(alone);
  totals.add(alone);
  EXPECT_EQ(totals_text(totals),
            "5 broadcasts: matched 11, queued 11\n"
            "node a/1: matched 5, queued 5\n"
            "node b/2: matched 6, queued 3, dropped 3 (queue_full 3), refused: PAYLOAD_TOO_LARGE\n"
            "unreachable: b/2; clients there may not have got it");
  EXPECT_FALSE(reached_every_node(totals));
}

TEST(BroadcastTotals, AreOneLineOfJson) {
  BroadcastTotals totals;
  totals.add(published_as(v1::PUBLISHED_BUS_DOWN));
  EXPECT_EQ(totals_json(totals),
            R"({"broadcasts":"1","not_published":"1","matched":"1","queued":"1","dropped":[],)"
            R"("evicted":"0","unknown_client_ids":[],"nodes":[],"unreachable":[],)"
            R"("published":"PUBLISHED_BUS_DOWN"})");
}

}  // namespace
}  // namespace crier::services::crierctl
