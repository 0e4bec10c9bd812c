#include "services/app/app.hpp"

#include <csignal>
#include <memory>
#include <utility>

#include "services/app/summary.hpp"
#include "services/config/control_memory.hpp"
#include "services/config/convert.hpp"
#include "services/config/memory_limit.hpp"
#include "services/control/convert.hpp"
#include "services/control/grpc_log.hpp"
#include "services/control/node_id.hpp"
#include "services/logging/log.hpp"
#include "services/ops/build_info.hpp"
#include "services/ops/bus_metrics.hpp"
#include "services/ops/dataplane_metrics.hpp"
#include "services/ops/node_metrics.hpp"
#include "services/ops/process_metrics.hpp"
#include "services/ops/rpc_metrics.hpp"

namespace crier::services::app {
namespace {

using logging::Level;

std::string_view text(Drain::Outcome outcome) {
  switch (outcome) {
    case Drain::Outcome::kComplete:
      return "drained";
    case Drain::Outcome::kDeadline:
      return "the drain's deadline has passed; closing what is left";
    case Drain::Outcome::kSecondRequest:
      return "a second signal; closing what is left";
  }
  return "";
}

control::ControlOptions control_options(const v1::Config& config) {
  control::ControlOptions options;
  options.listeners = config::to_dataplane(config).listeners;
  options.max_payload_bytes = static_cast<std::uint64_t>(config.control().max_payload_bytes());
  options.stream_window = static_cast<std::size_t>(config.control().stream_window());
  return options;
}

control::ServerOptions server_options(const v1::Config& config) {
  control::ServerOptions options;
  options.address = config.control().address();
  options.connections_max = static_cast<int>(config.control().max_connections());
  options.memory_bytes_max = config::control_memory(config.control(), config::usable_memory());
  return options;
}

std::unique_ptr<ClusterNode> make_cluster(const v1::Config& config, std::uint64_t epoch,
                                          std::function<v1::Node()> describe) {
  auto bus = config::to_bus(config);
  if (!bus) return nullptr;
  bus->node = epoch;
  cluster::ClusterOptions options;
  options.epoch = epoch;
  options.name = config::node_name(config);
  options.heartbeat = bus->probe_interval;
  options.silence = bus->probe_timeout;
  options.max_message_bytes = bus->max_message_bytes;
  options.describe = std::move(describe);
  return std::make_unique<ClusterNode>(std::move(*bus), std::move(options));
}

std::vector<std::string> listener_names(const v1::Config& config) {
  std::vector<std::string> names;
  for (const auto& listener : config.listeners()) names.push_back(listener.name());
  return names;
}

}  // namespace

App::App(const v1::Config& config)
    : config_(config),
      client_log_(listener_names(config)),
      dataplane_(config::to_dataplane(config)),
      cluster_(make_cluster(config, dataplane_.incarnation(), [this] { return describe(); })),
      control_(clients_, peers(), control_options(config)),
      server_(control_, server_options(config)),
      control_credentials_(config.control(), server_),
      client_credentials_(config, dataplane_),
      reloader_(std::chrono::milliseconds(config.credentials().reload_interval())),
      ops_({exposition_, readiness_, [this] { return dataplane_.oldest_tick(); }}),
      signals_(loop_, [this](int signal) { on_signal(signal); }),
      steps_({loop_, readiness_, control_, server_, dataplane_}),
      drain_(config::to_drain(config.drain()), steps_, [this](Drain::Outcome outcome) {
        logging::log(Level::kInfo, text(outcome));
        loop_.stop();
      }) {
  dataplane_.on_closed([this](const auto& client) { client_log_.closed(client); });
  dataplane_.on_rejected([this](const auto& client) { client_log_.rejected(client); });
  add_metrics();
}

App::~App() {
  stop();
}

// From the inside out: who answers for a part starts after it.
void App::start() {
  control::redirect_grpc_log();
  load_credentials();
  dataplane_.start();
  if (cluster_ != nullptr) cluster_->start(control_);
  server_.start();
  ops_.start(config_.ops().address());
  reloader_.start();
  announce(addresses());
  readiness_.set(ops::Readiness::State::kReady);
  logging::log(Level::kInfo, "ready");
}

void App::run() {
  loop_.run();
  stop();
  log_summary(dataplane_.stats(), std::chrono::steady_clock::now() - started_);
}

// After a whole drain there are no clients and no calls any more; after a cut short one they end
// here. Nobody asks the data plane once it has stopped.
void App::stop() {
  reloader_.stop();
  steps_.stop();
  server_.stop(std::chrono::milliseconds(0));
  if (cluster_ != nullptr) cluster_->stop();
  ops_.stop();
  dataplane_.stop();
}

void App::log_hint(std::string_view program) const {
  logging::log(Level::kInfo, hint(addresses(), program));
}

// A file that makes no sense stops a start; later it would leave in force what was read before.
void App::load_credentials() {
  client_credentials_.load(reloader_);
  const auto add = [this](const char* what, std::vector<std::string> files,
                          const credentials::Reloader::Read& read) {
    if (!files.empty()) reloader_.add(what, std::move(files), read);
  };
  add("certificate of the control API", control_credentials_.tls_files(),
      [this] { return control_credentials_.read_tls(); });
  add("roles of the control API", control_credentials_.roles_files(),
      [this] { return control_credentials_.read_roles(); });
  control_credentials_.log_exposure();
}

void App::add_metrics() {
  exposition_.add(std::make_unique<ops::NodeMetrics>(ops::NodeMetrics::Sources{
      readiness_, [this] { return dataplane_.clients(); }, [] { return logging::counters(); }}));
  exposition_.add(std::make_unique<ops::DataplaneMetrics>([this] { return dataplane_.stats(); }));
  exposition_.add(
      std::make_unique<ops::RpcMetrics>([this] { return control_.stats().snapshot(); }));
  exposition_.add(std::make_unique<ops::ProcessMetrics>());
  exposition_.add(std::make_unique<ops::CredentialsMetrics>(ops::CredentialsMetrics::Sources{
      [this] { return reloader_.stats(); }, [this] { return certificate_expiries(); }}));
  if (cluster_ == nullptr) return;
  exposition_.add(std::make_unique<ops::BusMetrics>(ops::BusMetrics::Sources{
      [this] { return cluster_->bus_stats(); }, [this] { return cluster_->cluster_stats(); }}));
}

ops::CredentialsMetrics::Expiries App::certificate_expiries() const {
  auto all = client_credentials_.certificate_expiries();
  if (const auto control = control_credentials_.certificate_expiry()) {
    all.emplace(ops::CredentialsMetrics::kControlApi, *control);
  }
  return all;
}

void App::on_signal(int signal) {
  switch (signal) {
    case SIGTERM:
      logging::log(Level::kInfo, "SIGTERM");
      drain_.request(Drain::Pace::kSpread);
      break;
    case SIGINT:
      logging::log(Level::kInfo, "SIGINT");
      drain_.request(Drain::Pace::kAtOnce);
      break;
    default:
      logging::log(Level::kInfo,
                   "SIGHUP: looking at the files that hold credentials; a restart "
                   "changes settings");
      reloader_.check_now();
  }
}

control::Peers& App::peers() {
  return cluster_ != nullptr ? cluster_->peers() : alone_;
}

v1::Node App::describe() const {
  v1::Node self;
  self.set_name(config::node_name(config_));
  self.set_node_id(control::make_node_id(self.name(), dataplane_.incarnation()));
  self.set_self(true);
  self.set_reachable(true);
  self.set_control_address(server_.address());
  self.set_version(std::string(ops::build_info().version));
  *self.mutable_uptime() = control::to_duration(std::chrono::steady_clock::now() - started_);
  self.set_clients(static_cast<std::int64_t>(dataplane_.clients()));
  self.set_queued_bytes(static_cast<std::int64_t>(dataplane_.stats().shards.queued_bytes));
  return self;
}

Addresses App::addresses() const {
  return {dataplane_.listeners(), server_.address(), ops_.address()};
}

}  // namespace crier::services::app
