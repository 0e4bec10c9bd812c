#include "services/ops/credentials_metrics.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "services/ops/family.hpp"

namespace crier::services::ops {
namespace {

constexpr std::array<std::string_view, 2> kResultLabels{"ok", "failed"};

}  // namespace

CredentialsMetrics::CredentialsMetrics(Source stats) : stats_(std::move(stats)) {}

Families CredentialsMetrics::Collect() const {
  const credentials::ReloadStats stats = stats_();
  Families out;
  out.push_back(counter("crier_credentials_reloads_total",
                        "Changed certificates, keys, tokens or roles that were read again; failed "
                        "ones leave those from before in force and are tried again.",
                        "result", kResultLabels, {stats.ok, stats.failed}));
  return out;
}

}  // namespace crier::services::ops
