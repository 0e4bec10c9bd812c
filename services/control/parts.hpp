#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <cstddef>
#include <cstdint>

#include "services/control/status.hpp"

namespace crier::services::control {

// Of one message: elements of repeated messages, and fields that its type does not know, which
// protobuf keeps. The largest answer of a node, a page of clients, has a fifth of it.
inline constexpr std::size_t kOtherPartsMax = 100'000;

// How many parts a serialized message has that take memory of their own once it is parsed. Two
// bytes of a message can make sixty of memory, so this is looked at before any is spent.
struct Parts {
  std::size_t ids = 0;     // elements of repeated fields that are no messages: ids of clients
  std::size_t others = 0;  // the others, see kOtherPartsMax
  bool malformed = false;  // protobuf would not parse it either
};

// Walks the first `size` bytes of `message`, which is of `type`, and allocates nothing. Where
// protobuf parses the message, the numbers are at least what it holds then; they are more only
// where something is said twice of what can be once. Stops, with the numbers as they are then, once
// there are more than kOtherPartsMax others.
[[nodiscard]] Parts count_parts(google::protobuf::io::ZeroCopyInputStream& message,
                                std::uint64_t size, const google::protobuf::Descriptor& type);

// What a caller is told whose request has these.
Status check_parts(const Parts& parts);

}  // namespace crier::services::control
