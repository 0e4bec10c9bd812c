#pragma once

#include <string>

#include "crier/v1/control.grpc.pb.h"
#include "services/control/access/gate.hpp"
#include "services/control/control.hpp"
#include "services/control/open_calls.hpp"

namespace crier::services::control {

// Puts a Control behind gRPC's callback API. Every method asks the gate first. All must outlive
// every call.
class Service final : public v1::Control::CallbackService {
 public:
  Service(Control& control, OpenCalls& calls, Gate& gate)
      : control_(control), calls_(calls), gate_(gate) {}

  grpc::ServerUnaryReactor* Broadcast(grpc::CallbackServerContext* context,
                                      const v1::BroadcastRequest* request,
                                      v1::BroadcastResponse* response) override;
  grpc::ServerBidiReactor<v1::BroadcastRequest, v1::BroadcastResponse>* BroadcastStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListClients(grpc::CallbackServerContext* context,
                                        const v1::ListClientsRequest* request,
                                        v1::ListClientsResponse* response) override;
  grpc::ServerUnaryReactor* GetClient(grpc::CallbackServerContext* context,
                                      const v1::GetClientRequest* request,
                                      v1::Client* response) override;
  grpc::ServerUnaryReactor* Disconnect(grpc::CallbackServerContext* context,
                                       const v1::DisconnectRequest* request,
                                       v1::DisconnectResponse* response) override;
  grpc::ServerUnaryReactor* ListNodes(grpc::CallbackServerContext* context,
                                      const v1::ListNodesRequest* request,
                                      v1::ListNodesResponse* response) override;

 private:
  template <class Request, class Response, class Done>
  grpc::ServerUnaryReactor* run(Method method, const grpc::CallbackServerContext& context,
                                const Request& request, Response& response,
                                void (Control::*call)(const Request&, Response&, Done));
  Admission admit(Method method, const grpc::CallbackServerContext& context);

  Control& control_;
  OpenCalls& calls_;
  Gate& gate_;
};

}  // namespace crier::services::control
