#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crier/v1/control.grpc.pb.h"
#include "tests/services/crierctl/fake_server.hpp"

namespace crier::services::crierctl {

// A node that answers as a test has it, and keeps the last request of each kind.
class FakeNode final : public v1::Control::Service {
 public:
  // Such that calls reach it.
  [[nodiscard]] GlobalOptions options() const { return server_.options(); }
  [[nodiscard]] GlobalOptions json_options() const {
    GlobalOptions global = options();
    global.json = true;
    return global;
  }

  v1::BroadcastRequest broadcast;
  v1::BroadcastResponse broadcast_answer;
  v1::ListClientsRequest list;
  std::vector<v1::ListClientsResponse> pages{1};  // a token is the number of its page
  v1::GetClientRequest get;
  v1::DisconnectRequest disconnect;
  v1::DisconnectResponse disconnect_answer;
  v1::ListNodesResponse nodes_answer;
  bool knows_nodes = true;

 private:
  using Context = grpc::ServerContext;

  grpc::Status Broadcast(Context* /*context*/, const v1::BroadcastRequest* request,
                         v1::BroadcastResponse* response) override {
    broadcast = *request;
    *response = broadcast_answer;
    return grpc::Status::OK;
  }
  grpc::Status BroadcastStream(
      Context* /*context*/,
      grpc::ServerReaderWriter<v1::BroadcastResponse, v1::BroadcastRequest>* peer) override {
    while (peer->Read(&broadcast)) peer->Write(broadcast_answer);
    return grpc::Status::OK;
  }
  grpc::Status ListClients(Context* /*context*/, const v1::ListClientsRequest* request,
                           v1::ListClientsResponse* response) override {
    list = *request;
    const auto page = static_cast<std::size_t>(
        request->page_token().empty() ? 0 : std::stoi(request->page_token()));
    *response = pages[page];
    if (page + 1 < pages.size()) response->set_next_page_token(std::to_string(page + 1));
    return grpc::Status::OK;
  }
  grpc::Status GetClient(Context* /*context*/, const v1::GetClientRequest* request,
                         v1::Client* /*response*/) override {
    get = *request;
    return grpc::Status::OK;
  }
  grpc::Status Disconnect(Context* /*context*/, const v1::DisconnectRequest* request,
                          v1::DisconnectResponse* response) override {
    disconnect = *request;
    *response = disconnect_answer;
    return grpc::Status::OK;
  }
  grpc::Status ListNodes(Context* context, const v1::ListNodesRequest* request,
                         v1::ListNodesResponse* response) override {
    if (!knows_nodes) return v1::Control::Service::ListNodes(context, request, response);
    *response = nodes_answer;
    return grpc::Status::OK;
  }

  const FakeServer server_{*this};
};

}  // namespace crier::services::crierctl
