#pragma once

#include <openssl/ssl.h>

#include <asio/ssl/context.hpp>
#include <string>
#include <system_error>

#include "dataplane/tls/pass_phrase.hpp"

namespace crier::dataplane {

// Has `context` show the certificate, and those between it and its authority, with its key: PEM,
// read now. Returns what is wrong with the files, in one sentence; empty: nothing.
inline std::string load_own_certificate(asio::ssl::context& context, const std::string& cert_file,
                                        const std::string& key_file) {
  SSL_CTX* const native = context.native_handle();
  bool locked = false;
  ::SSL_CTX_set_default_passwd_cb(native, &refuse_pass_phrase);
  ::SSL_CTX_set_default_passwd_cb_userdata(native, &locked);
  std::error_code ec;
  context.use_certificate_chain_file(cert_file, ec);
  const bool certified = !ec;
  if (certified) context.use_private_key_file(key_file, asio::ssl::context::pem, ec);
  ::SSL_CTX_set_default_passwd_cb_userdata(native, nullptr);  // Asio takes it for its own
  if (!ec) return {};
  return (certified ? "the key in " + key_file : "the certificate in " + cert_file) +
         " cannot be used: " + (locked ? "it has a pass phrase" : ec.message());
}

}  // namespace crier::dataplane
