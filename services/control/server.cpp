#include "services/control/server.hpp"

#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <stdexcept>
#include <utility>

#include "services/control/access/gate.hpp"
#include "services/control/connections.hpp"
#include "services/control/health/service.hpp"
#include "services/control/open_calls.hpp"
#include "services/control/reflection.hpp"
#include "services/control/request_bytes.hpp"
#include "services/control/service.hpp"
#include "services/control/tls/server_credentials.hpp"

namespace crier::services::control {
namespace {

// A caller that has vanished without a word is found this long after.
constexpr int kKeepaliveMilliseconds = 60'000;
constexpr int kKeepaliveTimeoutMilliseconds = 20'000;

int clamp_to_int(std::uint64_t value) {
  return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
}

}  // namespace

class Server::Impl {
 public:
  Impl(Control& control, ServerOptions options)
      : options_(std::move(options)),
        max_receive_bytes_(clamp_to_int(request_bytes_max(control.max_payload_bytes()))),
        gate_(control.stats()),
        service_(control, calls_, gate_),
        connections_(static_cast<std::size_t>(options_.connections_max), control.stats()) {}

  void start();
  void set_tls(std::shared_ptr<const TlsMaterial> material);
  void set_roles(std::shared_ptr<const Roles> roles) { gate_.set_roles(std::move(roles)); }
  void set_not_ready();
  void stop(std::chrono::milliseconds deadline);
  [[nodiscard]] std::string address() const { return address_.text(); }

 private:
  void configure(grpc::ServerBuilder& builder) const;
  [[nodiscard]] std::shared_ptr<grpc::ServerCredentials> credentials() const;
  // Whether callers prove who they are.
  [[nodiscard]] bool authenticates() const;

  const ServerOptions options_;
  const int max_receive_bytes_;
  OpenCalls calls_;
  Gate gate_;
  Service service_;
  HealthService health_;
  std::shared_ptr<ReloadableServerCredentials> tls_;  // null: not encrypted; settled by start()
  ListenAddress address_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  Connections connections_;
};

void Server::Impl::set_tls(std::shared_ptr<const TlsMaterial> material) {
  if (tls_ != nullptr) {
    tls_->set(std::move(material));
  } else {
    assert(server_ == nullptr);
    tls_ = std::make_shared<ReloadableServerCredentials>(std::move(material));
  }
}

std::shared_ptr<grpc::ServerCredentials> Server::Impl::credentials() const {
  if (tls_ != nullptr) return tls_;
  return grpc::InsecureServerCredentials();
}

bool Server::Impl::authenticates() const {
  return gate_.guarded() || (tls_ != nullptr && tls_->asks_for_certificates());
}

void Server::Impl::configure(grpc::ServerBuilder& builder) const {
  builder.SetOption(std::make_unique<Reflection>(!authenticates()));
  grpc::ResourceQuota quota("crier control");
  quota.Resize(options_.memory_bytes_max);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(max_receive_bytes_);
  // The bound above is asked after a message was decompressed, which makes a thousand bytes of one.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);  // says so to who tries
  }
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options_.concurrent_streams_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, clamp_to_int(options_.metadata_bytes_max));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             clamp_to_int(options_.ping_interval_min.count()));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
}

void Server::Impl::start() {
  address_ = connections_.listen(options_.address);
  grpc::ServerBuilder builder;
  configure(builder);
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials());
  builder.RegisterService(&service_);
  builder.RegisterService(&health_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    throw std::runtime_error("the control API cannot listen on " + options_.address);
  }
  connections_.start([this](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    acceptor_->HandleNewConnection(&connection);
  });
  health_.set_node(HealthService::Serving::kYes);
  health_.set_api(HealthService::Serving::kYes);
}

void Server::Impl::set_not_ready() {
  health_.set_node(HealthService::Serving::kNo);
}

void Server::Impl::stop(std::chrono::milliseconds deadline) {
  if (server_ == nullptr) return;
  health_.set_node(HealthService::Serving::kNo);
  health_.set_api(HealthService::Serving::kNo);
  calls_.end();
  calls_.wait(deadline);
  // What is left now is calls past their deadline, and watchers of health, who would stay for ever.
  connections_.stop();
  server_->Shutdown(std::chrono::system_clock::now());
  server_.reset();
}

Server::Server(Control& control, ServerOptions options)
    : impl_(std::make_unique<Impl>(control, std::move(options))) {}

Server::~Server() {
  stop(std::chrono::milliseconds(0));
}

void Server::start() {
  impl_->start();
}

std::string Server::address() const {
  return impl_->address();
}

void Server::set_tls(std::shared_ptr<const TlsMaterial> material) {
  impl_->set_tls(std::move(material));
}

void Server::set_roles(std::shared_ptr<const Roles> roles) {
  impl_->set_roles(std::move(roles));
}

void Server::set_not_ready() {
  impl_->set_not_ready();
}

void Server::stop(std::chrono::milliseconds deadline) {
  impl_->stop(deadline);
}

}  // namespace crier::services::control
