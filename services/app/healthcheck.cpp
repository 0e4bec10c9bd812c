#include "services/app/healthcheck.hpp"

#include <asio.hpp>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "services/config/address.hpp"
#include "services/logging/escape.hpp"

namespace crier::services::app {
namespace {

using asio::ip::tcp;

constexpr std::chrono::seconds kPatience{3};
constexpr std::size_t kAnswerBytesMax = 4096;

tcp::endpoint reach(const config::Address& address) {
  auto ip = asio::ip::make_address(address.host);
  if (ip.is_unspecified()) {
    ip = ip.is_v4() ? asio::ip::address(asio::ip::address_v4::loopback())
                    : asio::ip::address(asio::ip::address_v6::loopback());
  }
  return {ip, address.port};
}

// What follows the head of the answer, in one line.
std::string body_of(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  if (end == std::string_view::npos) return "";
  std::string_view body = answer.substr(end + 4);
  while (body.ends_with('\n')) body.remove_suffix(1);
  return logging::escape(body);
}

}  // namespace

Health check_health(const std::string& address, bool ready) {
  const auto parsed = config::parse_address(address);
  if (!parsed) return {false, "'" + logging::escape(address) + "' is not an address"};
  tcp::iostream stream;
  stream.expires_after(kPatience);
  stream.connect(reach(*parsed));
  stream << "GET " << (ready ? "/readyz" : "/livez")
         << " HTTP/1.1\r\nHost: crier\r\nConnection: close\r\n\r\n"
         << std::flush;
  std::string answer;
  for (char next = 0; answer.size() < kAnswerBytesMax && stream.get(next);) answer += next;
  const std::string body = body_of(answer);
  if (body.empty()) return {false, "no answer from " + address + ": " + stream.error().message()};
  return {answer.starts_with("HTTP/1.1 200 "), body};
}

}  // namespace crier::services::app
