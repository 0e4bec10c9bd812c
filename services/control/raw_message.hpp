#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include "services/control/status.hpp"

namespace crier::services::control {

// Requests come from gRPC as bytes, so that a caller is admitted, and what parsing would cost is
// known, before any of it is spent.

// Parses `raw` into `message`, unless check_parts() refuses it, and empties it.
Status read(grpc::ByteBuffer& raw, google::protobuf::Message& message);

void write(const google::protobuf::Message& message, grpc::ByteBuffer& raw);

}  // namespace crier::services::control
