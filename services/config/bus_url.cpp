#include "services/config/bus_url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>
#include <optional>
#include <utility>

#include "services/config/number.hpp"
#include "services/logging/escape.hpp"

namespace crier::services::config {
namespace {

constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;
constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kDatabaseMax = 999;
constexpr std::size_t kNameBytesMax = 253;  // of DNS

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";

std::string quoted(std::string_view text) {
  return "'" + logging::escape(text) + "'";
}

bool consists_of(std::string_view text, const std::string& characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_numeric(int family, std::string_view host) {
  in6_addr binary{};
  return host.find('\0') == std::string_view::npos &&
         inet_pton(family, std::string(host).c_str(), &binary) == 1;
}

bool is_host_name(std::string_view host) {
  const std::string allowed = std::string(kLetters) + std::string(kDigits) + "-_.";
  return host.size() <= kNameBytesMax && consists_of(host, allowed) &&
         host.find("..") == std::string_view::npos && host.front() != '.' && host.front() != '-';
}

// "1.2.3" and "10" are no names, though resolvers take them for addresses.
bool is_plain_host(std::string_view host) {
  return consists_of(host, std::string(kDigits) + ".") ? is_numeric(AF_INET, host)
                                                       : is_host_name(host);
}

std::optional<std::int64_t> number_up_to(std::int64_t most, std::string_view text) {
  const auto number = parse_number(v1::KeyOptions::KIND_COUNT, text);
  const auto* value = std::get_if<std::int64_t>(&number);
  return value != nullptr && *value <= most ? std::optional(*value) : std::nullopt;
}

// HOST or HOST:PORT.
std::variant<bus::redis::Endpoint, BusUrlError> parse_endpoint(std::string_view text,
                                                               std::uint16_t default_port) {
  BusUrlError no_host{quoted(text) +
                      " is not a host; write a name, an IPv4 address or an IPv6 address in "
                      "brackets, and if need be :PORT"};
  const bool bracketed = !text.empty() && text.front() == '[';
  const std::size_t end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && end == std::string_view::npos) {
    return no_host;
  }
  const std::string_view host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  if (bracketed ? !is_numeric(AF_INET6, host) : !is_plain_host(host)) {
    return no_host;
  }
  std::string_view rest = end == std::string_view::npos ? "" : text.substr(end);
  if (bracketed) {
    rest.remove_prefix(1);
  }
  if (rest.empty()) {
    return bus::redis::Endpoint{std::string(host), default_port};
  }
  const auto port = number_up_to(kPortMax, rest.substr(1));
  if (rest.front() != ':' || !port || *port == 0) {
    return BusUrlError{"what follows " + quoted(text.substr(0, end)) +
                       " is not a port; write : and a number from 1 to 65535"};
  }
  return bus::redis::Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

// Takes the scheme off `url`.
std::optional<BusUrlError> take_scheme(std::string_view& url, bool& tls) {
  constexpr std::string_view kPlain = "redis://";
  constexpr std::string_view kTls = "rediss://";
  tls = url.starts_with(kTls);
  if (!tls && !url.starts_with(kPlain)) {
    return BusUrlError{"must begin with redis:// or, for TLS, rediss://"};
  }
  url.remove_prefix(tls ? kTls.size() : kPlain.size());
  return std::nullopt;
}

}  // namespace

std::uint16_t default_bus_port(bool sentinel) {
  return sentinel ? kSentinelPort : kRedisPort;
}

std::variant<BusUrl, BusUrlError> parse_bus_url(std::string_view url, std::uint16_t default_port) {
  if (url.find('@') != std::string_view::npos) {
    return BusUrlError{
        "has a user or a password, which logs would show; use 'bus.username' and "
        "'bus.password_file'"};
  }
  BusUrl parsed;
  if (auto error = take_scheme(url, parsed.tls)) {
    return *error;
  }
  const std::size_t slash = url.find('/');
  if (slash != std::string_view::npos) {
    const auto database = number_up_to(kDatabaseMax, url.substr(slash + 1));
    if (!database) {
      return BusUrlError{quoted(url.substr(slash)) +
                         " is not a database; write / and a number up to 999"};
    }
    parsed.database = static_cast<std::uint32_t>(*database);
  }
  std::string_view hosts = url.substr(0, slash);
  while (true) {
    const std::size_t comma = hosts.find(',');
    auto endpoint = parse_endpoint(hosts.substr(0, comma), default_port);
    if (auto* error = std::get_if<BusUrlError>(&endpoint)) {
      return std::move(*error);
    }
    parsed.endpoints.push_back(std::get<bus::redis::Endpoint>(std::move(endpoint)));
    if (comma == std::string_view::npos) {
      return parsed;
    }
    hosts.remove_prefix(comma + 1);
  }
}

}  // namespace crier::services::config
