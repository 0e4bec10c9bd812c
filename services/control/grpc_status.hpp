#pragma once

#include <grpcpp/support/status.h>

#include "services/control/status.hpp"

namespace crier::services::control {

// With google.rpc.ErrorInfo (domain "crier") and, where a retry makes sense, RetryInfo in its
// details, as a serialized google.rpc.Status.
[[nodiscard]] grpc::Status to_grpc(const Status& status);

}  // namespace crier::services::control
