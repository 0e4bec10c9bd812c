#pragma once

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <optional>
#include <string>

namespace crier::services::logging {

// One JSON object, read by a parser that is not ours.
inline std::optional<google::protobuf::Struct> parse_json(const std::string& line) {
  google::protobuf::Struct object;
  if (!google::protobuf::util::JsonStringToMessage(line, &object).ok()) {
    return std::nullopt;
  }
  return object;
}

inline std::string text_of(const google::protobuf::Struct& object, const std::string& key) {
  const auto found = object.fields().find(key);
  return found == object.fields().end() ? "(absent)" : found->second.string_value();
}

}  // namespace crier::services::logging
