#include "services/crierctl/tcp_connection.hpp"

#include <asio/connect.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "services/crierctl/escape.hpp"

namespace crier::services::crierctl {
namespace {

using asio::ip::tcp;

// "host:port" or "[v6]:port" as two parts.
std::optional<std::pair<std::string, std::string>> split_address(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == address.size()) return std::nullopt;
  std::string_view host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) return std::nullopt;
  return std::pair(std::string(host), std::string(address.substr(colon + 1)));
}

}  // namespace

CLI::Validator tcp_address() {
  const auto check = [](const std::string& text) -> std::string {
    return split_address(text) ? "" : "'" + escaped(text) + "' is not HOST:PORT";
  };
  return {check, ""};
}

asio::error_code connect(tcp::socket& socket, asio::io_context& context, const std::string& address,
                         std::chrono::milliseconds timeout) {
  const auto parts = split_address(address);
  asio::error_code result = asio::error::timed_out;
  tcp::resolver resolver(context);
  resolver.async_resolve(
      parts->first, parts->second, [&](asio::error_code ec, const auto& endpoints) {
        if (ec) {
          result = ec;
          return;
        }
        asio::async_connect(socket, endpoints,
                            [&](asio::error_code failure, const auto&) { result = failure; });
      });
  context.run_for(timeout);
  return result;
}

}  // namespace crier::services::crierctl
