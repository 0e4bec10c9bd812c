#include "dataplane/tls/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <asio/ssl/context.hpp>
#include <system_error>
#include <utility>

#include "dataplane/tls/certificate.hpp"
#include "dataplane/tls/own_certificate.hpp"

namespace crier::dataplane {
namespace {

using Context = asio::ssl::context;

// A client's certificate and those between it and the authority; a dozen RSA ones.
constexpr long kCertificatesBytesMax = 16L << 10U;

std::chrono::system_clock::time_point expiry_of(SSL_CTX* context) {
  const X509* certificate = ::SSL_CTX_get0_certificate(context);
  return certificate == nullptr ? std::chrono::system_clock::time_point()
                                : expires_at(*certificate);
}

void set_rules(SSL_CTX* context) {
  ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Plain TCP does not tell a cut from an end either; frames have their own bounds.
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET |
                                     SSL_OP_NO_COMPRESSION);
  ::SSL_CTX_set_num_tickets(context, 0);
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // OpenSSL makes room for a client's certificates by what the client says of their size.
  ::SSL_CTX_set_max_cert_list(context, kCertificatesBytesMax);
  // An idle connection keeps no buffers.
  ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_read_ahead(context, 1);
}

// What is wrong with them, or nothing.
std::string load_authorities(Context& context, const TlsContext::Files& files) {
  if (files.client_certificates == ClientCertificates::kNone) return {};
  std::error_code ec;
  context.load_verify_file(files.client_ca_file, ec);
  if (!ec) {
    const bool required = files.client_certificates == ClientCertificates::kRequired;
    context.set_verify_mode(
        asio::ssl::verify_peer | (required ? asio::ssl::verify_fail_if_no_peer_cert : 0), ec);
  }
  if (!ec) return {};
  return "the authorities in " + files.client_ca_file + " cannot be used: " + ec.message();
}

}  // namespace

struct TlsContext::Impl {
  Context context{Context::tls_server};
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)), expires_(expiry_of(impl_->context.native_handle())) {}

TlsContext::~TlsContext() = default;

SSL_CTX* TlsContext::native() const {
  return impl_->context.native_handle();
}

std::variant<TlsContextPtr, std::string> TlsContext::load(const Files& files) {
  auto impl = std::make_unique<Impl>();
  ::ERR_clear_error();
  set_rules(impl->context.native_handle());
  std::string problem = load_own_certificate(impl->context, files.cert_file, files.key_file);
  if (problem.empty()) problem = load_authorities(impl->context, files);
  if (!problem.empty()) return problem;
  return TlsContextPtr(new TlsContext(std::move(impl)));
}

}  // namespace crier::dataplane
