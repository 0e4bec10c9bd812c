#include "services/bus/redis/tls.hpp"

#include <openssl/ssl.h>

#include <asio/ip/address.hpp>
#include <system_error>

#include "dataplane/tls/own_certificate.hpp"

namespace crier::services::bus::redis {
namespace {

using Context = asio::ssl::context;

std::error_code load_authorities(Context& context, const Tls& tls) {
  std::error_code ec;
  if (tls.ca_file.empty()) {
    context.set_default_verify_paths(ec);
  } else {
    context.load_verify_file(tls.ca_file, ec);
  }
  return ec;
}

}  // namespace

std::unique_ptr<Context> make_tls_context(const Tls& tls, std::string& problem) {
  auto context = std::make_unique<Context>(Context::tls_client);
  ::SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  std::error_code ec = load_authorities(*context, tls);
  if (ec) {
    problem = "the authorities in " + tls.ca_file + " cannot be used: " + ec.message();
    return nullptr;
  }
  context->set_verify_mode(asio::ssl::verify_peer);
  if (!tls.cert_file.empty()) {
    problem = dataplane::load_own_certificate(*context, tls.cert_file, tls.key_file);
    if (!problem.empty()) return nullptr;
  }
  return context;
}

bool expect_name(TlsStream& stream, const std::string& name) {
  std::error_code ec;
  stream.set_verify_callback(asio::ssl::host_name_verification(name), ec);
  if (ec) return false;
  // An address is verified as one, but is not something to ask for (RFC 6066).
  (void)asio::ip::make_address(name, ec);
  if (!ec) return true;
  void* const wanted = const_cast<char*>(name.c_str());
  return ::SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    wanted) == 1;
}

}  // namespace crier::services::bus::redis
