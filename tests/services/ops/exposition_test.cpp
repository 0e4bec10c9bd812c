#include "services/ops/exposition.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "services/ops/bus_metrics.hpp"
#include "services/ops/credentials_metrics.hpp"
#include "services/ops/dataplane_metrics.hpp"
#include "services/ops/node_metrics.hpp"
#include "services/ops/process_metrics.hpp"
#include "services/ops/rpc_metrics.hpp"
#include "tests/services/ops/example_bus.hpp"
#include "tests/services/ops/example_stats.hpp"
#include "tests/services/ops/samples.hpp"

namespace crier::services::ops {
namespace {

using control::Code;
using control::Method;

// Every source of the real process with a bus, over made-up numbers.
class ExpositionTest : public ::testing::Test {
 protected:
  ExpositionTest() {
    exposition_.add(std::make_unique<NodeMetrics>(NodeMetrics::Sources{
        readiness_, [] { return 9; }, [] { return logging::Counters{3, 5}; }}));
    exposition_.add(std::make_unique<DataplaneMetrics>(&example_stats));
    exposition_.add(std::make_unique<RpcMetrics>([this] { return calls_.snapshot(); }));
    exposition_.add(std::make_unique<BusMetrics>(
        BusMetrics::Sources{&example_bus_stats, &example_cluster_stats}));
    exposition_.add(std::make_unique<CredentialsMetrics>(CredentialsMetrics::Sources{
        [] { return credentials::ReloadStats{7, 3}; },
        [] {
          return CredentialsMetrics::Expiries{
              {"default", std::chrono::system_clock::time_point(std::chrono::seconds(2000))}};
        }}));
    exposition_.add(std::make_unique<ProcessMetrics>());
  }

  Samples scrape() { return read_samples(to_text(exposition_.collect())); }

  Readiness readiness_;
  control::RpcStats calls_;
  Exposition exposition_;
};

TEST_F(ExpositionTest, EverySourceAppears) {
  const Samples samples = scrape();
  EXPECT_EQ(sum_of(samples, "crier_build_info"), 1);
  EXPECT_EQ(sum_of(samples, "crier_messages_sent_total"), 150);
  EXPECT_EQ(sum_of(samples, "crier_bus_messages_received_total"), 33);
  EXPECT_EQ(sum_of(samples, "crier_credentials_reloads_total"), 10);
  EXPECT_GT(sum_of(samples, "process_resident_memory_bytes"), 0);
  EXPECT_EQ(samples.at(R"(crier_log_lines_dropped_total{reason="queue_full"})"), 3);
  EXPECT_EQ(samples.at(R"(crier_log_lines_dropped_total{reason="rate_limited"})"), 5);
}

TEST_F(ExpositionTest, RemainingConnectionsCountOnlyInADrain) {
  EXPECT_EQ(scrape().at("crier_draining"), 0);
  EXPECT_EQ(scrape().at("crier_drain_remaining_connections"), 0);
  readiness_.set(Readiness::State::kDraining);
  EXPECT_EQ(scrape().at("crier_draining"), 1);
  EXPECT_EQ(scrape().at("crier_drain_remaining_connections"), 9);
}

TEST_F(ExpositionTest, CallsAreCountedByMethodAndCode) {
  calls_.started(Method::kBroadcast);
  calls_.started(Method::kBroadcast);
  calls_.finished(Method::kBroadcast, Code::kResourceExhausted, std::chrono::milliseconds(2));
  const Samples samples = scrape();
  EXPECT_EQ(samples.at(R"(crier_rpc_inflight{method="Broadcast"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_rpc_finished_total{method="Broadcast",code="RESOURCE_EXHAUSTED"})"),
            1);
  EXPECT_EQ(samples.at(R"(crier_rpc_duration_seconds_bucket{method="Broadcast",le="0.001"})"), 0);
  EXPECT_EQ(samples.at(R"(crier_rpc_duration_seconds_bucket{method="Broadcast",le="0.0025"})"), 1);
}

TEST_F(ExpositionTest, DeniedCallsAreCountedByReason) {
  calls_.denied(control::Denial::kPermissionDenied);
  const Samples samples = scrape();
  EXPECT_EQ(samples.at(R"(crier_control_denied_total{reason="permission_denied"})"), 1);
  EXPECT_EQ(samples.at(R"(crier_control_denied_total{reason="unauthenticated"})"), 0);
}

TEST_F(ExpositionTest, SeriesStayTheSameWhateverHappens) {
  const std::size_t before = scrape().size();
  calls_.started(Method::kGetClient);
  calls_.finished(Method::kGetClient, Code::kNotFound, std::chrono::seconds(100));
  readiness_.set(Readiness::State::kDraining);
  EXPECT_EQ(scrape().size(), before);
}

TEST_F(ExpositionTest, PromtoolFindsNothingToSay) {
  const std::string file = ::testing::TempDir() + "crier_exposition.txt";
  std::ofstream(file) << to_text(exposition_.collect());
  const std::string command = std::string(CRIER_PROMTOOL) + " check metrics < " + file + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_EQ(said, "");
}

TEST_F(ExpositionTest, TheDocumentationIsUpToDate) {
  const std::string wanted = documentation(exposition_.collect());
  if (std::getenv("CRIER_UPDATE_DOCS") != nullptr) std::ofstream(CRIER_METRICS_DOC) << wanted;
  std::ifstream in(CRIER_METRICS_DOC);
  const std::string found{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(found, wanted) << "run this test with CRIER_UPDATE_DOCS=1 to write docs/metrics.md";
}

}  // namespace
}  // namespace crier::services::ops
