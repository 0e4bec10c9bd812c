#include "services/ops/credentials_metrics.hpp"

#include <gtest/gtest.h>

#include "services/ops/exposition.hpp"
#include "tests/services/ops/samples.hpp"

namespace crier::services::ops {
namespace {

TEST(CredentialsMetrics, ReloadsAreCountedByResult) {
  const CredentialsMetrics metrics({[] { return credentials::ReloadStats{7, 3}; },
                                    [] { return CredentialsMetrics::Expiries(); }});
  const Samples samples = read_samples(to_text(metrics.Collect()));
  EXPECT_EQ(samples.at(R"(crier_credentials_reloads_total{result="ok"})"), 7);
  EXPECT_EQ(samples.at(R"(crier_credentials_reloads_total{result="failed"})"), 3);
}

TEST(CredentialsMetrics, EachCertificateSaysWhenItExpires) {
  const std::chrono::system_clock::time_point then(std::chrono::seconds(1'800'000'000));
  const CredentialsMetrics metrics(
      {[] { return credentials::ReloadStats(); },
       [=] {
         return CredentialsMetrics::Expiries{
             {"devices", then},
             {std::string(CredentialsMetrics::kControlApi), then + std::chrono::seconds(1)}};
       }});
  const Samples samples = read_samples(to_text(metrics.Collect()));
  EXPECT_EQ(samples.at(R"(crier_certificate_expiry_timestamp_seconds{listener="devices"})"),
            1'800'000'000);
  EXPECT_EQ(samples.at(R"(crier_certificate_expiry_timestamp_seconds{listener="control API"})"),
            1'800'000'001);
}

}  // namespace
}  // namespace crier::services::ops
