#include "services/control/service.hpp"

#include <memory>

#include "services/control/denied_stream.hpp"
#include "services/control/grpc_status.hpp"
#include "services/control/shown.hpp"
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

// What a call's end is told to.
template <class Request, class Response>
auto done_of(UnaryReactor* reactor, const Request& /*request*/, const Response& /*response*/,
             const Admission& /*admission*/, const grpc::CallbackServerContext& /*context*/) {
  return [reactor](const Status& status) { reactor->answer(status); };
}

// Only what closes clients leaves a line: who did it, and why. Calls that closed nobody leave none,
// since their lines would be those that are told, and others suppressed for them.
auto done_of(UnaryReactor* reactor, const v1::DisconnectRequest& request,
             const v1::DisconnectResponse& response, const Admission& admission,
             const grpc::CallbackServerContext& context) {
  return [reactor, &request, &response, &context, caller = admission.caller](const Status& status) {
    const bool closed = response.disconnected() > 0 || response.unreachable_size() > 0;
    if (status.ok() && closed && !request.validate_only()) {
      logging::log_limited("disconnect", logging::Level::kInfo, "Disconnect was called",
                           {{"caller", caller},
                            {"peer", context.peer()},
                            {"reason", request.reason()},
                            {"listener", request.listener()},
                            {"all", request.all()},
                            {"named", request.only().client_ids_size()},
                            {"disconnected", response.disconnected()},
                            {"unreachable", response.unreachable_size()}});
    }
    reactor->answer(status);
  };
}

}  // namespace

Admission Service::admit(Method method, const grpc::CallbackServerContext& context) {
  const ShownOf shown(context);
  Admission admission = gate_.admit(method, shown.get());
  if (!admission.status.ok()) {
    logging::log_limited("denied", logging::Level::kWarn, "a call was denied",
                         {{"method", label(method)},
                          {"reason", admission.status.reason},
                          {"why", admission.status.message},
                          {"caller", admission.caller},
                          {"peer", context.peer()}});
  }
  return admission;
}

template <class Request, class Response, class Done>
grpc::ServerUnaryReactor* Service::run(Method method, const grpc::CallbackServerContext& context,
                                       const Request& request, Response& response,
                                       void (Control::*call)(const Request&, Response&, Done)) {
  auto* reactor = new UnaryReactor(calls_, control_.stats(), method);
  const Admission admission = admit(method, context);
  const bool open = calls_.enter();
  if (!admission.status.ok()) {
    reactor->answer(admission.status);
  } else if (!open) {
    reactor->answer(shutting_down());
  } else {
    (control_.*call)(request, response, done_of(reactor, request, response, admission, context));
  }
  return reactor;
}

grpc::ServerUnaryReactor* Service::Broadcast(grpc::CallbackServerContext* context,
                                             const v1::BroadcastRequest* request,
                                             v1::BroadcastResponse* response) {
  return run(Method::kBroadcast, *context, *request, *response, &Control::broadcast);
}

grpc::ServerBidiReactor<v1::BroadcastRequest, v1::BroadcastResponse>* Service::BroadcastStream(
    grpc::CallbackServerContext* context) {
  const Admission admission = admit(Method::kBroadcastStream, *context);
  if (!admission.status.ok()) return new DeniedStream(calls_, control_.stats(), admission.status);
  return new StreamReactor(control_, calls_);
}

grpc::ServerUnaryReactor* Service::ListClients(grpc::CallbackServerContext* context,
                                               const v1::ListClientsRequest* request,
                                               v1::ListClientsResponse* response) {
  return run(Method::kListClients, *context, *request, *response, &Control::list_clients);
}

grpc::ServerUnaryReactor* Service::GetClient(grpc::CallbackServerContext* context,
                                             const v1::GetClientRequest* request,
                                             v1::Client* response) {
  return run(Method::kGetClient, *context, *request, *response, &Control::get_client);
}

grpc::ServerUnaryReactor* Service::Disconnect(grpc::CallbackServerContext* context,
                                              const v1::DisconnectRequest* request,
                                              v1::DisconnectResponse* response) {
  return run(Method::kDisconnect, *context, *request, *response, &Control::disconnect);
}

grpc::ServerUnaryReactor* Service::ListNodes(grpc::CallbackServerContext* context,
                                             const v1::ListNodesRequest* request,
                                             v1::ListNodesResponse* response) {
  return run(Method::kListNodes, *context, *request, *response, &Control::list_nodes);
}

}  // namespace crier::services::control
