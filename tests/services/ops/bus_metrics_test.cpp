#include "services/ops/bus_metrics.hpp"

#include <gtest/gtest.h>

#include "services/ops/exposition.hpp"
#include "tests/services/ops/example_bus.hpp"
#include "tests/services/ops/samples.hpp"

namespace crier::services::ops {
namespace {

Samples scrape(const bus::Stats& stats, const cluster::Stats& numbers) {
  return read_samples(
      to_text(BusMetrics({[&] { return stats; }, [&] { return numbers; }}).Collect()));
}

Samples scrape_example() {
  return scrape(example_bus_stats(), example_cluster_stats());
}

TEST(BusMetrics, ShowsEveryNumberOfTheBusUnderItsName) {
  const Samples samples = scrape_example();
  EXPECT_EQ(samples.at("crier_bus_up"), 1);
  EXPECT_EQ(samples.at("crier_bus_connects_total"), 5);
  EXPECT_EQ(samples.at(R"(crier_bus_connection_losses_total{reason="connect"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_bus_connection_losses_total{reason="protocol"})"), 4);
  EXPECT_EQ(samples.at(R"(crier_bus_messages_published_total{outcome="confirmed"})"), 21);
  EXPECT_EQ(samples.at(R"(crier_bus_messages_published_total{outcome="backlog_full"})"), 24);
  EXPECT_EQ(samples.at("crier_bus_published_bytes_total"), 2'100);
  EXPECT_EQ(samples.at("crier_bus_backlog_bytes"), 600);
  EXPECT_EQ(samples.at("crier_bus_backlog_limit_bytes"), 6'000);
  EXPECT_EQ(samples.at("crier_bus_messages_received_total"), 33);
  EXPECT_EQ(samples.at("crier_bus_received_bytes_total"), 3'300);
  EXPECT_EQ(samples.at("crier_bus_pauses_total"), 7);
  EXPECT_EQ(samples.at(R"(crier_bus_echo_seconds_bucket{le="0.00025"})"), 0);
  EXPECT_EQ(samples.at(R"(crier_bus_echo_seconds_bucket{le="0.0005"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_bus_echo_seconds_bucket{le="+Inf"})"), 2);
}

TEST(BusMetrics, ShowsEveryNumberOfTheClusterUnderItsName) {
  const Samples samples = scrape_example();
  EXPECT_EQ(samples.at(R"(crier_cluster_nodes{state="reachable"})"), 2);
  EXPECT_EQ(samples.at(R"(crier_cluster_nodes{state="unreachable"})"), 1);
  EXPECT_EQ(samples.at("crier_bus_gap_messages_total"), 8);
  EXPECT_EQ(samples.at("crier_bus_broadcasts_received_total"), 9);
  EXPECT_EQ(samples.at(R"(crier_bus_messages_ignored_total{reason="too_large"})"), 11);
  EXPECT_EQ(samples.at(R"(crier_bus_messages_ignored_total{reason="too_many_nodes"})"), 18);
  EXPECT_EQ(samples.at(R"(crier_cluster_requests_total{result="answered"})"), 41);
  EXPECT_EQ(samples.at(R"(crier_cluster_requests_total{result="timed_out"})"), 43);
}

TEST(BusMetrics, ABusThatIsDownIsZero) {
  bus::Stats stats = example_bus_stats();
  stats.up = false;
  EXPECT_EQ(scrape(stats, {}).at("crier_bus_up"), 0);
}

TEST(BusMetrics, EverySeriesExistsBeforeAnythingHappened) {
  const Samples before = scrape({}, {});
  const Samples after = scrape_example();
  ASSERT_EQ(before.size(), after.size());
  for (const auto& [series, value] : before) {
    EXPECT_TRUE(after.contains(series)) << series;
    EXPECT_EQ(value, 0) << series;
  }
}

}  // namespace
}  // namespace crier::services::ops
