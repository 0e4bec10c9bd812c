#include "services/ops/credentials_metrics.hpp"

#include <gtest/gtest.h>

#include "services/ops/exposition.hpp"
#include "tests/services/ops/samples.hpp"

namespace crier::services::ops {
namespace {

TEST(CredentialsMetrics, ReloadsAreCountedByResult) {
  const CredentialsMetrics metrics([] { return credentials::ReloadStats{7, 3}; });
  const Samples samples = read_samples(to_text(metrics.Collect()));
  EXPECT_EQ(samples.at(R"(crier_credentials_reloads_total{result="ok"})"), 7);
  EXPECT_EQ(samples.at(R"(crier_credentials_reloads_total{result="failed"})"), 3);
}

}  // namespace
}  // namespace crier::services::ops
