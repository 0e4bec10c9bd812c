#include "services/app/control_credentials.hpp"

#include <utility>
#include <variant>

#include "services/config/address.hpp"
#include "services/control/access/roles_file.hpp"
#include "services/control/tls/material.hpp"
#include "services/logging/log.hpp"

namespace crier::services::app {

ControlCredentials::ControlCredentials(const v1::Config::Control& config, control::Server& server)
    : config_(config), server_(server) {}

std::vector<std::string> ControlCredentials::tls_files() const {
  const auto& tls = config_.tls();
  if (tls.cert_file().empty()) return {};
  std::vector<std::string> files{tls.cert_file(), tls.key_file()};
  if (!tls.client_ca_file().empty()) files.push_back(tls.client_ca_file());
  return files;
}

std::vector<std::string> ControlCredentials::roles_files() const {
  if (config_.roles_file().empty()) return {};
  return {config_.roles_file()};
}

std::optional<std::string> ControlCredentials::read_tls() {
  const auto& tls = config_.tls();
  if (tls.cert_file().empty()) return std::nullopt;
  auto loaded = control::load_tls({tls.cert_file(), tls.key_file(), tls.client_ca_file()});
  if (const auto* problem = std::get_if<control::TlsProblem>(&loaded)) return problem->sentence;
  auto& material = std::get<0>(loaded);
  {
    const std::lock_guard lock(mutex_);
    expiry_ = material->expires;
  }
  server_.set_tls(std::move(material));
  return std::nullopt;
}

std::optional<std::chrono::system_clock::time_point> ControlCredentials::certificate_expiry()
    const {
  const std::lock_guard lock(mutex_);
  return expiry_;
}

std::optional<std::string> ControlCredentials::read_roles() {
  if (config_.roles_file().empty()) return std::nullopt;
  auto loaded = control::load_roles(config_.roles_file());
  if (const auto* problem = std::get_if<control::RolesProblem>(&loaded)) return problem->sentence;
  server_.set_roles(std::get<0>(std::move(loaded)));
  return std::nullopt;
}

void ControlCredentials::log_exposure() const {
  const auto address = config::parse_address(config_.address());
  if (!address || config::is_loopback(*address)) return;
  if (config_.roles_file().empty() && config_.tls().client_ca_file().empty()) {
    logging::log(logging::Level::kWarn,
                 "whoever reaches the control API may push to every client and close it",
                 {{"address", config_.address()}});
  } else if (config_.tls().cert_file().empty()) {
    logging::log(logging::Level::kWarn,
                 "tokens of callers of the control API cross the network unencrypted",
                 {{"address", config_.address()}});
  }
}

}  // namespace crier::services::app
