#include "services/app/client_credentials.hpp"

#include <utility>
#include <variant>

namespace crier::services::app {
namespace {

dataplane::ClientCertificates client_certificates(v1::Config::ClientCertificates wanted) {
  switch (wanted) {
    case v1::Config::CLIENT_CERTIFICATES_OPTIONAL:
      return dataplane::ClientCertificates::kOptional;
    case v1::Config::CLIENT_CERTIFICATES_REQUIRED:
      return dataplane::ClientCertificates::kRequired;
    default:
      return dataplane::ClientCertificates::kNone;
  }
}

dataplane::TlsContext::Files tls_files(const v1::Config::ListenerTls& tls) {
  return {tls.cert_file(), tls.key_file(), client_certificates(tls.client_certificates()),
          tls.client_ca_file()};
}

std::vector<std::string> watched(const dataplane::TlsContext::Files& files) {
  std::vector<std::string> all{files.cert_file, files.key_file};
  if (!files.client_ca_file.empty()) all.push_back(files.client_ca_file);
  return all;
}

}  // namespace

ClientCredentials::ClientCredentials(const v1::Config& config, dataplane::Dataplane& plane)
    : config_(config), plane_(plane) {}

void ClientCredentials::load(credentials::Reloader& reloader) {
  for (int i = 0; i < config_.listeners_size(); ++i) {
    const v1::Config::Listener& listener = config_.listeners(i);
    const auto index = static_cast<dataplane::ListenerIndex>(i);
    if (!listener.tls().cert_file().empty()) {
      reloader.add("certificate of listener " + listener.name(), watched(tls_files(listener.tls())),
                   [this, index] { return read_tls(index); });
    }
    auto authenticator = credentials::make_authenticator(listener.auth());
    if (authenticator == nullptr) continue;
    plane_.use_authenticator(index, authenticator);
    reloader.add("credentials of listener " + listener.name(), authenticator->files(),
                 [authenticator] { return authenticator->reload(); });
  }
}

std::optional<std::string> ClientCredentials::read_tls(dataplane::ListenerIndex index) {
  const v1::Config::Listener& listener = config_.listeners(index);
  auto loaded = dataplane::TlsContext::load(tls_files(listener.tls()));
  if (auto* problem = std::get_if<std::string>(&loaded)) return std::move(*problem);
  auto& context = std::get<dataplane::TlsContextPtr>(loaded);
  {
    const std::lock_guard lock(mutex_);
    expiries_[listener.name()] = context->expires();
  }
  plane_.use_tls(index, std::move(context));
  return std::nullopt;
}

ClientCredentials::Expiries ClientCredentials::certificate_expiries() const {
  const std::lock_guard lock(mutex_);
  return expiries_;
}

}  // namespace crier::services::app
