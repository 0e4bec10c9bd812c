#pragma once

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "services/control/tls/material.hpp"

namespace crier::services::control {

// TLS 1.2 or newer with what it was told last. gRPC asks for it at the beginning of every
// handshake, so connections from then on have it and open ones go on. With authorities for clients,
// a client must show a certificate that they vouch for; whether it must is settled at construction.
//
// gRPC's own watcher of files hands on what it reads, so a certificate whose key has not been
// replaced yet would end every handshake until it is; here nothing is used that does not fit.
//
// set() may be called from any thread. Must outlive every server that was built with it.
class ReloadableServerCredentials final : public grpc::ServerCredentials {
 public:
  explicit ReloadableServerCredentials(std::shared_ptr<const TlsMaterial> material);
  ~ReloadableServerCredentials() override;

  // REQUIRES: authorities for clients, if and only if there were some at construction.
  void set(std::shared_ptr<const TlsMaterial> material);
  [[nodiscard]] bool asks_for_certificates() const { return asks_for_certificates_; }

  // Not supported: who may call is asked by Gate.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& processor) override;

 private:
  static grpc_ssl_certificate_config_reload_status fetch(
      void* self, grpc_ssl_server_certificate_config** config);
  int AddPortToServer(const std::string& address, grpc_server* server) override;

  const bool asks_for_certificates_;
  grpc_server_credentials* credentials_;

  std::mutex mutex_;  // guards all below
  std::shared_ptr<const TlsMaterial> material_;
  bool fetched_ = false;  // gRPC has material_
};

}  // namespace crier::services::control
