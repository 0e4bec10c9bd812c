#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>
#include <string>

#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// Serves `service`, which must outlive it, on a free loopback port.
class FakeServer {
 public:
  explicit FakeServer(grpc::Service& service) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;
  ~FakeServer() { server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5)); }

  // Such that calls reach it.
  [[nodiscard]] GlobalOptions options() const {
    GlobalOptions global;
    global.address = "127.0.0.1:" + std::to_string(port_);
    return global;
  }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace crier::services::crierctl
