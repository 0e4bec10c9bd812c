#include "services/config/check_bus.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "services/config/bus_url.hpp"
#include "services/config/number.hpp"

namespace crier::services::config {
namespace {

using v1::KeyOptions;

// What goes around the payload of a broadcast on its way to other nodes.
constexpr std::int64_t kEnvelopeBytes = 64 << 10;

std::optional<Error> check_tls(const v1::Config::Bus& bus, bool encrypted, const Origins& origins) {
  const auto& tls = bus.tls();
  if (!bus.url().empty() && !encrypted) {
    const std::array<std::pair<const std::string&, const char*>, 4> keys = {{
        {tls.ca_file(), "ca_file"},
        {tls.cert_file(), "cert_file"},
        {tls.key_file(), "key_file"},
        {tls.server_name(), "server_name"},
    }};
    for (const auto& [value, key] : keys) {
      if (!value.empty()) {
        return origins.error(std::string("bus.tls.") + key,
                             "does nothing with redis://; write rediss:// in 'bus.url'");
      }
    }
  }
  if (tls.cert_file().empty() && !tls.key_file().empty()) {
    return origins.error("bus.tls.key_file", "needs 'bus.tls.cert_file' too");
  }
  if (tls.key_file().empty() && !tls.cert_file().empty()) {
    return origins.error("bus.tls.cert_file", "needs 'bus.tls.key_file' too");
  }
  return std::nullopt;
}

std::optional<Error> check_password(const v1::Config::Bus& bus, const Origins& origins) {
  if (!bus.password().empty() && !bus.password_file().empty()) {
    return origins.error("bus.password_file", "'bus.password' is given too; only one can hold");
  }
  if (!bus.username().empty() && bus.password().empty() && bus.password_file().empty()) {
    return origins.error("bus.username", "does nothing without 'bus.password_file'");
  }
  return std::nullopt;
}

std::optional<Error> check_probe(const v1::Config::Bus& bus, const Origins& origins) {
  if (bus.probe_timeout() >= 2 * bus.probe_interval()) {
    return std::nullopt;
  }
  return origins.error("bus.probe_timeout",
                       format_number(KeyOptions::KIND_DURATION, bus.probe_timeout()) +
                           " is shorter than twice 'bus.probe_interval', which is " +
                           format_number(KeyOptions::KIND_DURATION, bus.probe_interval()));
}

std::optional<Error> check_backlog(const v1::Config& config, const Origins& origins) {
  const std::int64_t needed = config.control().max_payload_bytes() + kEnvelopeBytes;
  if (config.bus().url().empty() || config.bus().max_backlog_bytes() >= needed) {
    return std::nullopt;
  }
  return origins.error("bus.max_backlog_bytes",
                       format_number(KeyOptions::KIND_BYTES, config.bus().max_backlog_bytes()) +
                           " is less than 'control.max_payload_bytes' + 64KiB, which is " +
                           format_number(KeyOptions::KIND_BYTES, needed) +
                           ": the largest broadcast would not fit");
}

}  // namespace

std::optional<Error> check_bus(const v1::Config& config, const Origins& origins) {
  const auto& bus = config.bus();
  bool encrypted = false;
  if (!bus.url().empty()) {
    const auto url = parse_bus_url(bus.url(), default_bus_port(!bus.sentinel_master().empty()));
    if (const auto* error = std::get_if<BusUrlError>(&url)) {
      return origins.error("bus.url", error->reason);
    }
    encrypted = std::get<BusUrl>(url).tls;
  }
  if (auto error = check_tls(bus, encrypted, origins)) {
    return error;
  }
  if (auto error = check_password(bus, origins)) {
    return error;
  }
  if (auto error = check_probe(bus, origins)) {
    return error;
  }
  return check_backlog(config, origins);
}

}  // namespace crier::services::config
