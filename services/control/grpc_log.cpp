#include "services/control/grpc_log.hpp"

#include <grpc/support/log.h>

#include "services/logging/log.hpp"

namespace crier::services::control {
namespace {

logging::Level level_of(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_DEBUG:
      return logging::Level::kDebug;
    case GPR_LOG_SEVERITY_INFO:
      return logging::Level::kInfo;
    case GPR_LOG_SEVERITY_ERROR:
      break;
  }
  // gRPC calls what its peers do errors.
  return logging::Level::kWarn;
}

void write(gpr_log_func_args* line) {
  logging::log_limited("grpc", level_of(line->severity), "gRPC says", {{"text", line->message}});
}

}  // namespace

void redirect_grpc_log() {
  ::gpr_set_log_function(write);
}

}  // namespace crier::services::control
