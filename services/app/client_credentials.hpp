#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/config.pb.h"
#include "dataplane/dataplane.hpp"
#include "services/credentials/authenticators.hpp"
#include "services/credentials/reloader.hpp"

namespace crier::services::app {

// The files by which listeners know themselves and their clients. Each read puts what the files
// hold in force for whoever connects from then on; clients that are there stay.
class ClientCredentials final {
 public:
  // `plane` must outlive this; its listeners are those of `config`.
  ClientCredentials(const v1::Config& config, dataplane::Dataplane& plane);
  ClientCredentials(const ClientCredentials&) = delete;
  ClientCredentials& operator=(const ClientCredentials&) = delete;

  // Reads every file once and has `reloader` read it again whenever it changes. Throws
  // std::runtime_error with a sentence for people. REQUIRES: before the data plane's start, and
  // that `reloader` has stopped when this goes.
  void load(credentials::Reloader& reloader);

  // When the certificate of each listener with TLS expires, by its name. Any thread.
  using Expiries = std::map<std::string, std::chrono::system_clock::time_point>;
  [[nodiscard]] Expiries certificate_expiries() const;

 private:
  [[nodiscard]] std::optional<std::string> read_tls(dataplane::ListenerIndex index);

  const v1::Config config_;
  dataplane::Dataplane& plane_;
  mutable std::mutex mutex_;
  Expiries expiries_;  // mutex_
};

}  // namespace crier::services::app
