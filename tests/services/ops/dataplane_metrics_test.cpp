#include "services/ops/dataplane_metrics.hpp"

#include <gtest/gtest.h>

#include "services/ops/exposition.hpp"
#include "tests/services/ops/example_stats.hpp"
#include "tests/services/ops/samples.hpp"

namespace crier::services::ops {
namespace {

Samples scrape(const dataplane::Stats& stats) {
  return read_samples(to_text(DataplaneMetrics([&] { return stats; }).Collect()));
}

TEST(DataplaneMetrics, ShowsEveryCounterUnderItsName) {
  Samples samples = scrape(example_stats());
  EXPECT_EQ(samples.at(R"(crier_connections{listener="default"})"), 7);
  EXPECT_EQ(samples.at(R"(crier_connections{listener="article"})"), 2);
  EXPECT_EQ(samples.at("crier_connections_limit"), 19'744);
  EXPECT_EQ(samples.at("crier_connections_slow"), 2);
  EXPECT_EQ(samples.at(R"(crier_shards{sends="io_uring"})"), 2);
  EXPECT_EQ(samples.at(R"(crier_shards{sends="system_calls"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_connections_accepted_total{listener="default"})"), 11);
  EXPECT_EQ(
      samples.at(R"(crier_connections_rejected_total{listener="article",reason="open_files"})"), 3);
  EXPECT_EQ(samples.at(R"(crier_connections_closed_total{reason="client_closed"})"), 6);
  EXPECT_EQ(samples.at(R"(crier_accept_errors_total{errno="ECONNABORTED"})"), 2);
  EXPECT_EQ(samples.at("crier_accept_paused_seconds_total"), 1.25);
  EXPECT_EQ(samples.at("crier_accept_rate_limited_seconds_total"), 2.5);
  EXPECT_EQ(samples.at(R"(crier_messages_offered_total{source="relay"})"), 40);
  EXPECT_EQ(samples.at("crier_messages_sent_total"), 150);
  EXPECT_EQ(samples.at("crier_bytes_sent_total"), 15'000);
  EXPECT_EQ(samples.at("crier_send_calls_total"), 77);
  EXPECT_EQ(samples.at(R"(crier_messages_dropped_total{reason="evicted"})"), 5);
  EXPECT_EQ(samples.at(R"(crier_messages_discarded_total{reason="hard_stop"})"), 4);
  EXPECT_EQ(samples.at("crier_messages_received_total"), 61);
  EXPECT_EQ(samples.at("crier_bytes_received_total"), 6'100);
  EXPECT_EQ(samples.at("crier_queued_messages"), 13);
  EXPECT_EQ(samples.at("crier_queued_bytes"), 1'300);
  EXPECT_EQ(samples.at("crier_queue_retained_bytes"), 900);
  EXPECT_EQ(samples.at("crier_queue_memory_limit_bytes"), 901);
  EXPECT_EQ(samples.at("crier_queue_memory_level"), 2);
  EXPECT_EQ(samples.at(R"(crier_queue_memory_transitions_total{level="shed"})"), 22);
  EXPECT_EQ(samples.at("crier_queue_memory_refused_total"), 15);
  EXPECT_EQ(samples.at("crier_eventloop_oldest_tick_seconds"), 0.125);
  EXPECT_EQ(samples.at("crier_inflight_bytes"), 512);
  EXPECT_EQ(samples.at("crier_inflight_limit_bytes"), 513);
  EXPECT_EQ(samples.at("crier_partial_bytes"), 33);
  EXPECT_EQ(samples.at("crier_partial_limit_bytes"), 34);
  EXPECT_EQ(samples.at("crier_broadcasts_overloaded_total"), 14);
}

TEST(DataplaneMetrics, HistogramsAreCumulativeAndCountWhatIsAboveTheLastBound) {
  Samples samples = scrape(example_stats());
  EXPECT_EQ(samples.at(R"(crier_connection_lifetime_seconds_bucket{le="1"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_connection_lifetime_seconds_bucket{le="15"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_connection_lifetime_seconds_bucket{le="60"})"), 2);
  EXPECT_EQ(samples.at(R"(crier_connection_lifetime_seconds_bucket{le="+Inf"})"), 2);
  EXPECT_EQ(samples.at("crier_connection_lifetime_seconds_count"), 2);
  EXPECT_EQ(samples.at("crier_connection_lifetime_seconds_sum"), 20.5);
  EXPECT_EQ(samples.at(R"(crier_queue_wait_seconds_bucket{le="10"})"), 0);
  EXPECT_EQ(samples.at(R"(crier_queue_wait_seconds_bucket{le="+Inf"})"), 1);
  EXPECT_EQ(samples.at("crier_eventloop_lag_seconds_count"), 1);
  EXPECT_EQ(samples.at("crier_broadcast_enqueue_seconds_count"), 1);
  EXPECT_EQ(samples.at(R"(crier_broadcast_targets_bucket{le="10"})"), 1);
}

TEST(DataplaneMetrics, TheLawOfConservationHoldsInTheText) {
  const Samples samples = scrape(example_stats());
  EXPECT_EQ(sum_of(samples, "crier_messages_offered_total"), 190);
  EXPECT_EQ(sum_of(samples, "crier_messages_offered_total"),
            sum_of(samples, "crier_messages_sent_total") +
                sum_of(samples, "crier_messages_dropped_total") +
                sum_of(samples, "crier_messages_discarded_total") +
                sum_of(samples, "crier_queued_messages"));
}

TEST(DataplaneMetrics, TakesOneCopyPerScrape) {
  int copies = 0;
  const DataplaneMetrics metrics([&] {
    ++copies;
    return example_stats();
  });
  (void)metrics.Collect();
  EXPECT_EQ(copies, 1);
}

TEST(DataplaneMetrics, EverySeriesExistsBeforeAnythingHappened) {
  dataplane::Stats idle;
  idle.listeners = {{"default", 0, 0, {}}, {"article", 0, 0, {}}};
  const Samples before = scrape(idle);
  const Samples after = scrape(example_stats());
  ASSERT_EQ(before.size(), after.size());
  for (const auto& [series, value] : before) {
    EXPECT_TRUE(after.contains(series)) << series;
    EXPECT_EQ(value, 0) << series;
  }
}

}  // namespace
}  // namespace crier::services::ops
