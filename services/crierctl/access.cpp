#include "services/crierctl/access.hpp"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <asio/ip/address.hpp>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/crierctl/escape.hpp"
#include "services/crierctl/payload_file.hpp"
#include "services/ops/build_info.hpp"

namespace crier::services::crierctl {
namespace {

namespace experimental = grpc::experimental;

// Answers are small; the largest names every unknown id of a request of the largest size.
constexpr int kReceiveBytesMax = static_cast<int>(kPayloadBytesMax);

constexpr std::size_t kPemBytesMax = 1U << 20U;
constexpr std::size_t kTokenBytesMax = 4096;

// Puts the token into the headers of every call, unary or stream.
class TokenInterceptor final : public experimental::Interceptor {
 public:
  explicit TokenInterceptor(const std::string& authorization) : authorization_(authorization) {}

  void Intercept(experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            experimental::InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->emplace("authorization", authorization_);
    }
    methods->Proceed();
  }

 private:
  const std::string& authorization_;
};

class TokenFactory final : public experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenFactory(const std::string& token) : authorization_("Bearer " + token) {}

  experimental::Interceptor* CreateClientInterceptor(experimental::ClientRpcInfo*) override {
    return new TokenInterceptor(authorization_);
  }

 private:
  const std::string authorization_;
};

std::string read_file(const std::string& path, std::size_t bytes_max) {
  auto text = read_payload(path, bytes_max);
  if (const auto* error = std::get_if<PayloadError>(&text)) throw UsageError(error->text);
  return std::get<std::string>(std::move(text));
}

std::string read_pem(const std::string& path) {
  return path.empty() ? "" : read_file(path, kPemBytesMax);
}

bool may_be_in_a_token(char c) {
  return c > ' ' && c <= '~';
}

std::string read_token(const std::string& path) {
  std::string token = read_file(path, kTokenBytesMax);
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.empty() || !std::all_of(token.begin(), token.end(), may_be_in_a_token)) {
    throw UsageError(escaped(path) + " does not hold one token and nothing else");
  }
  return token;
}

bool is_loopback(std::string_view address) {
  std::string_view host = address.substr(0, address.rfind(':'));
  if (host == "localhost") return true;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  asio::error_code ec;
  const auto ip = asio::ip::make_address(std::string(host), ec);
  return !ec && ip.is_loopback();
}

std::shared_ptr<grpc::ChannelCredentials> make_credentials(const AccessOptions& access) {
  if (!access.encrypted()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = read_pem(access.ca_file);  // empty: the system's
  options.pem_cert_chain = read_pem(access.cert_file);
  options.pem_private_key = read_pem(access.key_file);
  return grpc::SslCredentials(options);
}

// gRPC would write lines of its own beside our sentence, unless somebody looks for its trouble.
void quiet_grpc() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
}

}  // namespace

void add_access_options(CLI::App& app, AccessOptions& access) {
  const std::string group = "Access to the control API";
  app.add_flag("--tls", access.tls, "Speak TLS; the system knows the authorities")->group(group);
  app.add_option("--tls-ca", access.ca_file, "Speak TLS; these authorities (PEM) vouch for crier")
      ->type_name("FILE")
      ->group(group);
  auto* cert = app.add_option("--tls-cert", access.cert_file, "Show this certificate (PEM)")
                   ->type_name("FILE")
                   ->group(group);
  auto* key = app.add_option("--tls-key", access.key_file, "Private key (PEM) of --tls-cert")
                  ->type_name("FILE")
                  ->group(group);
  cert->needs(key);
  key->needs(cert);
  app.add_option("--tls-server-name", access.server_name,
                 "Name in crier's certificate, where it is not that of --address")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--token-file", access.token_file, "Show the token in this file")
      ->envname(kTokenFileVariable)
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--token-in-plaintext", access.token_in_plaintext,
               "Send the token over a network without TLS")
      ->group(group);
}

std::shared_ptr<grpc::Channel> make_channel(const GlobalOptions& global) {
  quiet_grpc();
  const AccessOptions& access = global.access;
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("crierctl/" + std::string(ops::build_info().version));
  arguments.SetMaxReceiveMessageSize(kReceiveBytesMax);
  // The API is reached directly; a web proxy has no part in it.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (!access.server_name.empty()) arguments.SetSslTargetNameOverride(access.server_name);

  std::vector<std::unique_ptr<experimental::ClientInterceptorFactoryInterface>> interceptors;
  if (!access.token_file.empty()) {
    if (!access.encrypted() && !access.token_in_plaintext && !is_loopback(global.address)) {
      throw UsageError("the token would cross the network unencrypted to " +
                       escaped(global.address) + "; say --tls or --tls-ca, or, where nobody can " +
                       "listen, --token-in-plaintext");
    }
    interceptors.push_back(std::make_unique<TokenFactory>(read_token(access.token_file)));
  }
  return experimental::CreateCustomChannelWithInterceptors(global.address, make_credentials(access),
                                                           arguments, std::move(interceptors));
}

}  // namespace crier::services::crierctl
