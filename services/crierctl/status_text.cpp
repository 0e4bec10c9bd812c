#include "services/crierctl/status_text.hpp"

#include <array>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/crierctl/escape.hpp"
#include "services/crierctl/human.hpp"

namespace crier::services::crierctl {
namespace {

// Indexed by grpc::StatusCode.
constexpr std::array<const char*, 17> kCodeNames{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

std::string code_name(grpc::StatusCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodeNames.size() ? kCodeNames[index] : "code " + std::to_string(code);
}

// Empty where the details carry no ErrorInfo.
std::string error_reason(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

}  // namespace

std::string status_text(const grpc::Status& status, const GlobalOptions& global) {
  const std::string code = code_name(status.error_code()) + ": ";
  const std::string message = escaped(status.error_message());
  const std::string address = escaped(global.address);
  const std::string reason = error_reason(status);
  if (!reason.empty()) {
    const bool nobody = status.error_code() == grpc::StatusCode::UNAUTHENTICATED &&
                        global.access.token_file.empty();
    return code + message + " (" + escaped(reason) + ')' +
           (nobody ? "; show a token with --token-file or " + std::string(kTokenFileVariable) : "");
  }

  // Without a reason it was not crier that spoke.
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return code + "no answer from " + address + "; is crier running? control listens on " +
           kDefaultAddress + " unless configured otherwise; say where with --address or " +
           kAddressVariable + " (" + message + ')';
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return code + "no answer from " + address + " within " + human_duration(global.timeout) +
           " (--timeout)";
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return code + address + " does not know this call; is it a crier older than this crierctl?" +
           (message.empty() ? "" : " (" + message + ')');
  }
  return code + message;
}

}  // namespace crier::services::crierctl
