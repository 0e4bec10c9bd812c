#include "services/control/service.hpp"

#include <string>
#include <utility>

#include "crier/v1/control.grpc.pb.h"
#include "services/control/denied_stream.hpp"
#include "services/control/shown.hpp"
#include "services/control/stream_reactor.hpp"
#include "services/control/unary_reactor.hpp"
#include "services/logging/log.hpp"

namespace crier::services::control {
namespace {

// What is said of a call that went well.
template <class Request, class Response>
void log_done(const Request& /*request*/, const Response& /*response*/,
              const std::string& /*caller*/, const grpc::CallbackServerContext& /*context*/) {}

// Only what closes clients leaves a line: who did it, and why. Calls that closed nobody leave none,
// since their lines would be those that are told, and others suppressed for them.
void log_done(const v1::DisconnectRequest& request, const v1::DisconnectResponse& response,
              const std::string& caller, const grpc::CallbackServerContext& context) {
  const bool closed = response.disconnected() > 0 || response.unreachable_size() > 0;
  if (!closed || request.validate_only()) return;
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
void Service::serve(Method method, void (Control::*call)(const Request&, Response&, Done)) {
  const auto begin = [this, method, call](grpc::CallbackServerContext* context,
                                          grpc::ByteBuffer* raw_response) {
    auto* reactor =
        new UnaryReactor<Request, Response>(calls_, control_.stats(), method, *raw_response);
    Admission admission = admit(method, *context);
    if (!admission.status.ok()) {
      reactor->refuse(admission.status);
      return reactor;
    }
    reactor->read([=, this, caller = std::move(admission.caller)](const Request& request,
                                                                  Response& response) {
      (control_.*call)(request, response, [=, &request, &response](const Status& status) {
        if (status.ok()) log_done(request, response, caller, *context);
        reactor->answer(status);
      });
    });
    return reactor;
  };
  add(method, grpc::internal::RpcMethod::CLIENT_STREAMING,
      new grpc::internal::CallbackClientStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          begin));
}

void Service::serve_stream() {
  using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
  const auto begin = [this](grpc::CallbackServerContext* context) -> Reactor* {
    const Admission admission = admit(Method::kBroadcastStream, *context);
    if (!admission.status.ok()) return new DeniedStream(calls_, control_.stats(), admission.status);
    return new StreamReactor(control_, calls_);
  };
  add(Method::kBroadcastStream, grpc::internal::RpcMethod::BIDI_STREAMING,
      new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(begin));
}

void Service::add(Method method, grpc::internal::RpcMethod::RpcType type,
                  grpc::internal::MethodHandler* handler) {
  std::string& path = paths_[static_cast<std::size_t>(method)];
  path = std::string("/") + v1::Control::service_full_name() + '/' + std::string(label(method));
  AddMethod(new grpc::internal::RpcServiceMethod(path.c_str(), type, nullptr));
  MarkMethodCallback(methods_added_++, handler);
}

Service::Service(Control& control, OpenCalls& calls, Gate& gate)
    : control_(control), calls_(calls), gate_(gate) {
  serve(Method::kBroadcast, &Control::broadcast);
  serve_stream();
  serve(Method::kListClients, &Control::list_clients);
  serve(Method::kGetClient, &Control::get_client);
  serve(Method::kDisconnect, &Control::disconnect);
  serve(Method::kListNodes, &Control::list_nodes);
}

}  // namespace crier::services::control
