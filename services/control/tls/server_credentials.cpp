#include "services/control/tls/server_credentials.hpp"

#include <grpc/grpc.h>

#include <cassert>
#include <utility>

namespace crier::services::control {

ReloadableServerCredentials::ReloadableServerCredentials(
    std::shared_ptr<const TlsMaterial> material)
    : asks_for_certificates_(!material->client_authorities.empty()),
      material_(std::move(material)) {
  const auto request = asks_for_certificates_
                           ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                           : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
  credentials_ = ::grpc_ssl_server_credentials_create_with_options(
      ::grpc_ssl_server_credentials_create_options_using_config_fetcher(request, fetch, this));
}

ReloadableServerCredentials::~ReloadableServerCredentials() {
  ::grpc_server_credentials_release(credentials_);
}

void ReloadableServerCredentials::set(std::shared_ptr<const TlsMaterial> material) {
  const std::lock_guard lock(mutex_);
  assert(material->client_authorities.empty() != asks_for_certificates_);
  std::swap(material_, material);  // the old one ends after the lock
  fetched_ = false;
}

void ReloadableServerCredentials::SetAuthMetadataProcessor(
    const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) {
  assert(false);
}

grpc_ssl_certificate_config_reload_status ReloadableServerCredentials::fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
  auto& credentials = *static_cast<ReloadableServerCredentials*>(self);
  std::shared_ptr<const TlsMaterial> material;
  {
    const std::lock_guard lock(credentials.mutex_);
    if (credentials.fetched_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    credentials.fetched_ = true;
    material = credentials.material_;
  }
  // gRPC wants some authorities even where it is not to ask for certificates, and never uses them.
  const std::string& authorities =
      material->client_authorities.empty() ? material->certificates : material->client_authorities;
  const grpc_ssl_pem_key_cert_pair pair{material->key.c_str(), material->certificates.c_str()};
  *config = ::grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

int ReloadableServerCredentials::AddPortToServer(const std::string& address, grpc_server* server) {
  return ::grpc_server_add_http2_port(server, address.c_str(), credentials_);
}

}  // namespace crier::services::control
