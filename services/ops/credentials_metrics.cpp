#include "services/ops/credentials_metrics.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "services/ops/family.hpp"

namespace crier::services::ops {
namespace {

constexpr std::array<std::string_view, 2> kResultLabels{"ok", "failed"};

}  // namespace

CredentialsMetrics::CredentialsMetrics(Sources sources) : sources_(std::move(sources)) {}

Families CredentialsMetrics::Collect() const {
  const credentials::ReloadStats stats = sources_.reloads();
  Families out;
  out.push_back(counter("crier_credentials_reloads_total",
                        "Changed certificates, keys, tokens or roles that were read again; failed "
                        "ones leave those from before in force and are tried again.",
                        "result", kResultLabels, {stats.ok, stats.failed}));
  Family expiry =
      gauge("crier_certificate_expiry_timestamp_seconds",
            "When the certificate expires that a listener with TLS shows, or the control API.");
  for (const auto& [listener, time] : sources_.certificates()) {
    const std::chrono::duration<double> seconds = time.time_since_epoch();
    add(expiry, seconds.count(), {{"listener", listener}});
  }
  out.push_back(std::move(expiry));
  return out;
}

}  // namespace crier::services::ops
