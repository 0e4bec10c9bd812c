#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// Why a call failed, on one line: the gRPC code, the message, and in brackets the reason of
// google.rpc.ErrorInfo where the server gave one: "NOT_FOUND: no such client (CLIENT_NOT_FOUND)".
// Where nothing answers at all it says where crier was looked for, and where the call is not known
// who does not know it.
[[nodiscard]] std::string status_text(const grpc::Status& status, const GlobalOptions& global);

}  // namespace crier::services::crierctl
