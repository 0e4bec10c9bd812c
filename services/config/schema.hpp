#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "crier/v1/config.pb.h"

// What the schema says of a key, as the rest of the loader wants to hear it.
namespace crier::services::config {

using Field = google::protobuf::FieldDescriptor;

[[nodiscard]] const v1::KeyOptions& options_of(const Field& field);

// A group has keys of its own; a list has groups as elements. Everything else is a value.
[[nodiscard]] bool is_group(const Field& field);
[[nodiscard]] bool is_list(const Field& field);

// The choices of a KIND_CHOICE key in the order of the schema, as written in YAML, and back.
[[nodiscard]] std::vector<std::string> choices_of(const Field& field);
[[nodiscard]] std::string choice_name(const Field& field, int number);

// Sets every key below `message` that is not a list to its default.
void set_defaults(google::protobuf::Message& message);

// The key of `parent` that `name` was probably meant to be, or "".
[[nodiscard]] std::string closest(std::string_view name, const std::vector<std::string>& names);

// Like closest(), ready to append to an error: "; did you mean 'x'?" or "".
[[nodiscard]] std::string suggestion(std::string_view name, const std::vector<std::string>& names);
[[nodiscard]] std::vector<std::string> keys_of(const google::protobuf::Descriptor& group);

}  // namespace crier::services::config
