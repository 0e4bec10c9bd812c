#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "crier/v1/config.pb.h"
#include "dataplane/dataplane.hpp"
#include "services/app/announce.hpp"
#include "services/app/client_credentials.hpp"
#include "services/app/client_log.hpp"
#include "services/app/cluster_node.hpp"
#include "services/app/control_credentials.hpp"
#include "services/app/drain.hpp"
#include "services/app/process_drain_steps.hpp"
#include "services/app/signals.hpp"
#include "services/control/control.hpp"
#include "services/control/dataplane_clients.hpp"
#include "services/control/peers.hpp"
#include "services/control/server.hpp"
#include "services/credentials/reloader.hpp"
#include "services/ops/credentials_metrics.hpp"
#include "services/ops/endpoint.hpp"

namespace crier::services::app {

// The process: everything that runs, and the order in which it starts and stops.
class App {
 public:
  // REQUIRES: block_signals(), and a `config` from config::load().
  explicit App(const v1::Config& config);
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();  // stops what still runs

  // Starts every part and logs where it listens. Throws std::exception with a sentence; destroy the
  // object then.
  void start();

  // Serves until a signal has drained the process, then stops every part. Once, after start().
  void run();

  // Logs how to try it. After start().
  void log_hint(std::string_view program) const;

 private:
  void add_metrics();
  void load_credentials();
  void on_signal(int signal);
  void stop();
  [[nodiscard]] Addresses addresses() const;
  [[nodiscard]] v1::Node describe() const;
  [[nodiscard]] ops::CredentialsMetrics::Expiries certificate_expiries() const;
  [[nodiscard]] control::Peers& peers();

  const v1::Config config_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  asio::io_context loop_{1};
  ops::Readiness readiness_;
  ops::Exposition exposition_;
  const ClientLog client_log_;
  dataplane::Dataplane dataplane_;
  control::DataplaneClients clients_{dataplane_};
  control::NoPeers alone_{[this] { return describe(); }};
  const std::unique_ptr<ClusterNode> cluster_;  // null without a bus; outlives all answers
  control::Control control_;
  control::Server server_;
  ControlCredentials control_credentials_;
  ClientCredentials client_credentials_;
  credentials::Reloader reloader_;
  ops::Endpoint ops_;
  Signals signals_;
  ProcessDrainSteps steps_;
  Drain drain_;
};

}  // namespace crier::services::app
