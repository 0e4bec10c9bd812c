#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "services/crierctl/exit_code.hpp"
#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// `message` as one line of protobuf's JSON (64-bit integers as strings, bytes in base64) with the
// names of the .proto file, zeros included, so that scripts find every key.
[[nodiscard]] std::string json_text(const google::protobuf::Message& message);

// One line on standard output.
void print_line(std::string_view text);

// One line on standard error: "crierctl: TEXT". Returns `code`.
int fail(ExitCode code, std::string_view text);

// The same for a call that did not end OK.
int fail(const grpc::Status& status, const GlobalOptions& global);

}  // namespace crier::services::crierctl
