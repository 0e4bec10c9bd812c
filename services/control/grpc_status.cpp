#include "services/control/grpc_status.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace crier::services::control {
namespace {

constexpr char kDomain[] = "crier";

google::rpc::ErrorInfo error_info(const Status& status) {
  google::rpc::ErrorInfo info;
  info.set_reason(status.reason);
  info.set_domain(kDomain);
  for (const auto& [key, value] : status.metadata) (*info.mutable_metadata())[key] = value;
  return info;
}

google::rpc::RetryInfo retry_info(std::chrono::milliseconds delay) {
  constexpr std::int64_t kNanosPerMillisecond = 1'000'000;
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(delay.count() / 1000);
  info.mutable_retry_delay()->set_nanos(
      static_cast<std::int32_t>(delay.count() % 1000 * kNanosPerMillisecond));
  return info;
}

}  // namespace

grpc::Status to_grpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code));
  details.set_message(status.message);
  details.add_details()->PackFrom(error_info(status));
  if (status.retry_after) details.add_details()->PackFrom(retry_info(*status.retry_after));
  return {static_cast<grpc::StatusCode>(status.code), status.message, details.SerializeAsString()};
}

}  // namespace crier::services::control
