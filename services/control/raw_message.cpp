#include "services/control/raw_message.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <cassert>

#include "services/control/parts.hpp"

namespace crier::services::control {
namespace {

using Traits = grpc::SerializationTraits<google::protobuf::Message>;

Parts parts_of(grpc::ByteBuffer& raw, const google::protobuf::Descriptor& type) {
  grpc::ProtoBufferReader pieces(&raw);
  if (!pieces.status().ok()) return {.malformed = true};
  return count_parts(pieces, raw.Length(), type);
}

}  // namespace

Status read(grpc::ByteBuffer& raw, google::protobuf::Message& message) {
  Status status = check_parts(parts_of(raw, *message.GetDescriptor()));
  if (!status.ok()) {
    raw.Clear();
  } else if (!Traits::Deserialize(&raw, &message).ok()) {
    status = check_parts({.malformed = true});  // text that is no UTF-8
  }
  return status;
}

void write(const google::protobuf::Message& message, grpc::ByteBuffer& raw) {
  raw.Clear();
  bool own = false;
  [[maybe_unused]] const grpc::Status written = Traits::Serialize(message, &raw, &own);
  assert(written.ok());
}

}  // namespace crier::services::control
