#include "tests/services/control/tls/handshake.hpp"

#include <openssl/bio.h>
#include <openssl/x509.h>

#include <memory>

namespace crier::services::control {
namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)>;
using Stream = std::unique_ptr<BIO, decltype(&::BIO_free_all)>;
using Certificate = std::unique_ptr<X509, decltype(&::X509_free)>;

std::string subject_of(SSL* ssl) {
  const Certificate shown(::SSL_get1_peer_certificate(ssl), ::X509_free);
  const Stream text(::BIO_new(::BIO_s_mem()), ::BIO_free_all);
  ::X509_NAME_print_ex(text.get(), ::X509_get_subject_name(shown.get()), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long bytes = ::BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(bytes)};
}

}  // namespace

Handshake shake_hands(const std::string& address, int version_max) {
  const Context context(::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free);
  ::SSL_CTX_set_security_level(context.get(), 0);
  ::SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  ::SSL_CTX_set_max_proto_version(context.get(), version_max);
  const Stream stream(::BIO_new_ssl_connect(context.get()), ::BIO_free_all);
  ::BIO_set_conn_hostname(stream.get(), address.c_str());
  SSL* ssl = nullptr;
  ::BIO_get_ssl(stream.get(), &ssl);
  if (::BIO_do_handshake(stream.get()) != 1) return {};
  return {true, ::SSL_version(ssl), subject_of(ssl)};
}

}  // namespace crier::services::control
