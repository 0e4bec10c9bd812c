#include "services/crierctl/output.hpp"

#include <google/protobuf/util/json_util.h>

#include <iostream>

#include "services/crierctl/status_text.hpp"

namespace crier::services::crierctl {

std::string json_text(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? text : "{}";
}

void print_line(std::string_view text) {
  std::cout << text << '\n';
}

int fail(ExitCode code, std::string_view text) {
  std::cout.flush();
  std::cerr << "crierctl: " << text << '\n';
  return code;
}

int fail(const grpc::Status& status, const GlobalOptions& global) {
  return fail(kFailed, status_text(status, global));
}

}  // namespace crier::services::crierctl
