#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/ssl.hpp>
#include <memory>
#include <string>

#include "services/bus/redis/options.hpp"

namespace crier::services::bus::redis {

using TlsStream = asio::ssl::stream<asio::ip::tcp::socket&>;

// What one session does TLS with; its files are read now, so that new ones hold from the next
// session on. Null where one cannot be read; then `problem` says so.
[[nodiscard]] std::unique_ptr<asio::ssl::context> make_tls_context(const Tls& tls,
                                                                   std::string& problem);
// Makes the stream expect a certificate for `name`, and say that it does. False: it cannot.
[[nodiscard]] bool expect_name(TlsStream& stream, const std::string& name);

}  // namespace crier::services::bus::redis
