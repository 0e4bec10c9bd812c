#include "services/control/service.hpp"

#include <memory>

#include "services/control/grpc_status.hpp"
#include "services/control/stream_reactor.hpp"
#include "services/logging/log.hpp"

namespace crier::services::control {
namespace {

// One unary call, counted. A call that its caller cancelled is carried out and answered like any
// other; gRPC drops the answer. Deletes itself when gRPC is done with it.
class UnaryReactor final : public grpc::ServerUnaryReactor {
 public:
  UnaryReactor(OpenCalls& calls, RpcStats& stats, Method method)
      : calls_(calls), stats_(stats), method_(method), since_(RpcStats::Clock::now()) {
    stats_.started(method_);
  }

  void answer(const Status& status) {
    stats_.finished(method_, status.code, RpcStats::Clock::now() - since_);
    Finish(to_grpc(status));
  }

  void OnDone() override {
    const std::unique_ptr<UnaryReactor> self(this);
    calls_.leave();
  }

 private:
  OpenCalls& calls_;
  RpcStats& stats_;
  const Method method_;
  const RpcStats::Clock::time_point since_;
};

}  // namespace

template <class Request, class Response, class Done>
grpc::ServerUnaryReactor* Service::run(Method method, const Request& request, Response& response,
                                       void (Control::*call)(const Request&, Response&, Done)) {
  auto* reactor = new UnaryReactor(calls_, control_.stats(), method);
  if (calls_.enter()) {
    (control_.*call)(request, response,
                     [reactor](const Status& status) { reactor->answer(status); });
  } else {
    reactor->answer(shutting_down());
  }
  return reactor;
}

grpc::ServerUnaryReactor* Service::Broadcast(grpc::CallbackServerContext* /*context*/,
                                             const v1::BroadcastRequest* request,
                                             v1::BroadcastResponse* response) {
  return run(Method::kBroadcast, *request, *response, &Control::broadcast);
}

grpc::ServerBidiReactor<v1::BroadcastRequest, v1::BroadcastResponse>* Service::BroadcastStream(
    grpc::CallbackServerContext* /*context*/) {
  return new StreamReactor(control_, calls_);
}

grpc::ServerUnaryReactor* Service::ListClients(grpc::CallbackServerContext* /*context*/,
                                               const v1::ListClientsRequest* request,
                                               v1::ListClientsResponse* response) {
  return run(Method::kListClients, *request, *response, &Control::list_clients);
}

grpc::ServerUnaryReactor* Service::GetClient(grpc::CallbackServerContext* /*context*/,
                                             const v1::GetClientRequest* request,
                                             v1::Client* response) {
  return run(Method::kGetClient, *request, *response, &Control::get_client);
}

grpc::ServerUnaryReactor* Service::Disconnect(grpc::CallbackServerContext* /*context*/,
                                              const v1::DisconnectRequest* request,
                                              v1::DisconnectResponse* response) {
  const int named = request->has_only() ? request->only().client_ids_size() : 0;
  logging::log_limited("disconnect", logging::Level::kInfo, "Disconnect was called",
                       {{"reason", request->reason()},
                        {"listener", request->listener()},
                        {"all", request->all()},
                        {"named", named},
                        {"validate_only", request->validate_only()}});
  return run(Method::kDisconnect, *request, *response, &Control::disconnect);
}

grpc::ServerUnaryReactor* Service::ListNodes(grpc::CallbackServerContext* /*context*/,
                                             const v1::ListNodesRequest* request,
                                             v1::ListNodesResponse* response) {
  return run(Method::kListNodes, *request, *response, &Control::list_nodes);
}

}  // namespace crier::services::control
