// Any bytes as a request, or as what nodes say to each other. The first byte says which, the second
// in pieces of how many bytes the rest lies. Where protobuf parses it, no id may have been missed
// and nothing else that it keeps; of a request the ids are exact.
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <vector>

#include "crier/v1/bus.pb.h"
#include "crier/v1/control.pb.h"
#include "services/control/parts.hpp"

using namespace crier::services::control;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

namespace {

namespace v1 = crier::v1;

const Message* const kTypes[] = {
    &v1::BroadcastRequest::default_instance(),   &v1::DisconnectRequest::default_instance(),
    &v1::ListClientsRequest::default_instance(), &v1::GetClientRequest::default_instance(),
    &v1::ListNodesRequest::default_instance(),   &v1::BusBody::default_instance(),
    &v1::BusEnvelope::default_instance(),
};
constexpr std::size_t kRequests = 5;  // the first of them

void require(bool condition) {
  if (!condition) std::abort();
}

void add_unknown(const UnknownFieldSet& unknown, Parts& parts) {
  parts.others += static_cast<std::size_t>(unknown.field_count());
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (unknown.field(i).type() == UnknownField::TYPE_GROUP) {
      add_unknown(unknown.field(i).group(), parts);
    }
  }
}

// What a message holds that is there.
void add(const Message& message, Parts& parts) {
  const auto* reflection = message.GetReflection();
  add_unknown(reflection->GetUnknownFields(message), parts);
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool inner = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (inner) add(reflection->GetMessage(message, field), parts);
      continue;
    }
    const int size = reflection->FieldSize(message, field);
    (inner ? parts.others : parts.ids) += static_cast<std::size_t>(size);
    for (int i = 0; inner && i < size; ++i) {
      add(reflection->GetRepeatedMessage(message, field, i), parts);
    }
  }
}

Parts count(const std::uint8_t* data, std::size_t size, const Message& type, int piece_bytes) {
  google::protobuf::io::ArrayInputStream pieces(data, static_cast<int>(size), piece_bytes);
  return count_parts(pieces, size, *type.GetDescriptor());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t kind = data[0] % std::size(kTypes);
  const Message& type = *kTypes[kind];
  const int piece_bytes = 1 + data[1];
  data += 2;
  size -= 2;
  const Parts parts = count(data, size, type, -1);
  const Parts in_pieces = count(data, size, type, piece_bytes);
  require(parts.ids == in_pieces.ids);
  require(parts.others == in_pieces.others);
  require(parts.malformed == in_pieces.malformed);
  const std::unique_ptr<Message> message(type.New());
  if (!message->ParseFromArray(data, static_cast<int>(size))) return 0;
  require(!parts.malformed);
  Parts held;
  add(*message, held);
  require(parts.ids >= held.ids);
  require(parts.others >= held.others);
  if (kind < kRequests) require(parts.ids == held.ids && parts.others == held.others);
  return 0;
}
