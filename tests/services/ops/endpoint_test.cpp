#include "services/ops/endpoint.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "services/ops/dataplane_metrics.hpp"
#include "tests/services/ops/example_stats.hpp"
#include "tests/support/http_client.hpp"

namespace crier::services::ops {
namespace {

using std::chrono::milliseconds;
using tests::http;

class EndpointTest : public ::testing::Test {
 protected:
  EndpointTest() {
    exposition_.add(std::make_unique<DataplaneMetrics>(&example_stats));
    endpoint_.start("127.0.0.1:0");
  }

  Exposition exposition_;
  Readiness readiness_;
  std::atomic<milliseconds> oldest_tick_{milliseconds(50)};
  Endpoint endpoint_{{exposition_, readiness_, [this] { return oldest_tick_.load(); }}};
};

TEST_F(EndpointTest, MetricsAreServedInTheTextFormat) {
  const tests::HttpAnswer answer = http(endpoint_.address(), "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.headers.find("Content-Type: text/plain; version=0.0.4; charset=utf-8"),
            std::string::npos);
  EXPECT_NE(answer.body.find("\ncrier_messages_sent_total 150\n"), std::string::npos);
}

TEST_F(EndpointTest, LiveWhileEveryThreadTicks) {
  EXPECT_EQ(http(endpoint_.address(), "/livez").status, 200);
  oldest_tick_ = kLivenessLimit;
  EXPECT_EQ(http(endpoint_.address(), "/livez").status, 200);
}

TEST_F(EndpointTest, NotLiveWhenAThreadHangsAndSaysHowLong) {
  oldest_tick_ = kLivenessLimit + milliseconds(1);
  const tests::HttpAnswer answer = http(endpoint_.address(), "/livez");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "a data plane thread has not ticked for 10001 ms (limit 10000 ms)\n");
}

TEST_F(EndpointTest, ReadyOnlyBetweenStartAndDrain) {
  EXPECT_EQ(http(endpoint_.address(), "/readyz").status, 503);
  EXPECT_EQ(http(endpoint_.address(), "/readyz").body, "starting\n");
  readiness_.set(Readiness::State::kReady);
  EXPECT_EQ(http(endpoint_.address(), "/readyz").status, 200);
  readiness_.set(Readiness::State::kDraining);
  EXPECT_EQ(http(endpoint_.address(), "/readyz").status, 503);
  EXPECT_EQ(http(endpoint_.address(), "/readyz").body, "draining\n");
  EXPECT_EQ(http(endpoint_.address(), "/livez").status, 200);
}

}  // namespace
}  // namespace crier::services::ops
