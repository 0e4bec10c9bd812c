#pragma once

#include <CLI/App.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <string>

namespace crier::services::crierctl {

// For options that take "host:port" or "[v6]:port"; the host may be a name.
[[nodiscard]] CLI::Validator tcp_address();

// Connects `socket`, which belongs to `context`, within the timeout. Runs `context`.
// REQUIRES: tcp_address() accepts `address`.
[[nodiscard]] asio::error_code connect(asio::ip::tcp::socket& socket, asio::io_context& context,
                                       const std::string& address,
                                       std::chrono::milliseconds timeout);

}  // namespace crier::services::crierctl
