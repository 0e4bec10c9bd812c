#include "services/config/check_control.hpp"

#include <cstdint>

#include "services/config/address.hpp"
#include "services/config/control_memory.hpp"
#include "services/config/number.hpp"

namespace crier::services::config {
namespace {

std::optional<Error> check_tls(const v1::Config::ControlTls& tls, const Origins& origins) {
  if (tls.cert_file().empty() && !tls.key_file().empty()) {
    return origins.error("control.tls.key_file", "needs 'control.tls.cert_file' too");
  }
  if (tls.key_file().empty() && !tls.cert_file().empty()) {
    return origins.error("control.tls.cert_file", "needs 'control.tls.key_file' too");
  }
  if (tls.cert_file().empty() && !tls.client_ca_file().empty()) {
    return origins.error("control.tls.client_ca_file",
                         "needs 'control.tls.cert_file' and 'control.tls.key_file' too");
  }
  return std::nullopt;
}

std::optional<Error> check_reach(const v1::Config::Control& control, const Origins& origins) {
  const auto address = parse_address(control.address());
  const bool authenticates =
      !control.roles_file().empty() || !control.tls().client_ca_file().empty();
  if (control.insecure() || authenticates || !address || is_loopback(*address)) {
    return std::nullopt;
  }
  return origins.error("control.address",
                       control.address() +
                           " is beyond loopback, where anybody could push to every client: set "
                           "'control.roles_file' or 'control.tls.client_ca_file', or say "
                           "'control.insecure: true'");
}

std::optional<Error> check_memory(const v1::Config::Control& control, const Origins& origins) {
  const std::uint64_t needed = control_memory_min(control);
  const auto bytes = static_cast<std::uint64_t>(control.max_memory_bytes());
  if (bytes == 0 || bytes >= needed) {
    return std::nullopt;
  }
  const auto kind = v1::KeyOptions::KIND_BYTES;
  return origins.error("control.max_memory_bytes",
                       format_number(kind, control.max_memory_bytes()) +
                           " is less than two requests may have, with " +
                           "'control.max_payload_bytes' and 16MiB each, which is " +
                           format_number(kind, static_cast<std::int64_t>(needed)));
}

}  // namespace

std::optional<Error> check_control(const v1::Config& config, const Origins& origins) {
  if (auto error = check_tls(config.control().tls(), origins)) {
    return error;
  }
  if (auto error = check_memory(config.control(), origins)) {
    return error;
  }
  return check_reach(config.control(), origins);
}

}  // namespace crier::services::config
