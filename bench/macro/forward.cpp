// A node that passes calls on over gRPC instead of a bus, and does nothing else: what a call
// through another node costs at least, if nodes call each other.
//
//   bench_forward ADDRESS
//
// Passes calls on to ADDRESS with scope LOCAL; prints where it listens itself as one line of JSON.
// Ends with its standard input.
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "crier/v1/control.grpc.pb.h"

namespace crier::bench {
namespace {

class Forward final : public v1::Control::Service {
 public:
  explicit Forward(const std::string& address)
      : stub_(v1::Control::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {}

  grpc::Status Broadcast(grpc::ServerContext* /*context*/, const v1::BroadcastRequest* request,
                         v1::BroadcastResponse* response) override {
    return pass_on(&v1::Control::Stub::Broadcast, *request, response);
  }
  grpc::Status ListClients(grpc::ServerContext* /*context*/, const v1::ListClientsRequest* request,
                           v1::ListClientsResponse* response) override {
    return pass_on(&v1::Control::Stub::ListClients, *request, response);
  }
  grpc::Status GetClient(grpc::ServerContext* /*context*/, const v1::GetClientRequest* request,
                         v1::Client* response) override {
    return pass_on(&v1::Control::Stub::GetClient, *request, response);
  }
  grpc::Status Disconnect(grpc::ServerContext* /*context*/, const v1::DisconnectRequest* request,
                          v1::DisconnectResponse* response) override {
    return pass_on(&v1::Control::Stub::Disconnect, *request, response);
  }

 private:
  template <class Method, class Request, class Response>
  grpc::Status pass_on(Method method, Request request, Response* response) {
    request.set_scope(v1::SCOPE_LOCAL);
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, response);
  }

  const std::unique_ptr<v1::Control::Stub> stub_;
};

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_forward ADDRESS\n");
    return 2;
  }
  crier::bench::Forward forward(argv[1]);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&forward);
  const auto server = builder.BuildAndStart();
  std::printf("{\"control\": \"127.0.0.1:%d\"}\n", port);
  std::fflush(stdout);
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  server->Shutdown();
}
