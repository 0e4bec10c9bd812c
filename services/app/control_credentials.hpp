#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/config.pb.h"
#include "services/control/server.hpp"

namespace crier::services::app {

// The files by which the control API knows itself and its callers. Each read puts what the files
// hold in force, or says in one sentence, which quotes no secret, why it cannot; then what was
// there before stays. The first reads must come before the server starts.
class ControlCredentials final {
 public:
  // `server` must outlive this.
  ControlCredentials(const v1::Config::Control& config, control::Server& server);

  // Empty: nothing of the kind is configured, and reading it does nothing.
  [[nodiscard]] std::vector<std::string> tls_files() const;
  [[nodiscard]] std::vector<std::string> roles_files() const;

  [[nodiscard]] std::optional<std::string> read_tls();
  [[nodiscard]] std::optional<std::string> read_roles();

  // When the certificate that is in force expires; absent: there is none. Any thread.
  [[nodiscard]] std::optional<std::chrono::system_clock::time_point> certificate_expiry() const;

  // A line of the log for each door that is open wider than a network should see.
  void log_exposure() const;

 private:
  const v1::Config::Control config_;
  control::Server& server_;
  mutable std::mutex mutex_;
  std::optional<std::chrono::system_clock::time_point> expiry_;  // mutex_
};

}  // namespace crier::services::app
