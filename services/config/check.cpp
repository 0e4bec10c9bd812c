#include "services/config/check.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "services/config/address.hpp"
#include "services/config/check_access.hpp"
#include "services/config/check_bus.hpp"
#include "services/config/check_control.hpp"
#include "services/config/convert.hpp"
#include "services/config/number.hpp"

namespace crier::services::config {
namespace {

std::string listener_key(int index, const std::string& key) {
  return "listeners[" + std::to_string(index) + "]." + key;
}

// Two keys with the same value that must differ; every socket and label needs its own.
class Unique {
 public:
  Unique(const Origins& origins, std::string what) : origins_(origins), what_(std::move(what)) {}

  std::optional<Error> add(const std::string& value, const std::string& key) {
    const auto [first, fresh] = seen_.emplace(value, key);
    if (fresh) {
      return std::nullopt;
    }
    return origins_.error(key, what_ + " '" + value + "' is that of '" + first->second + "' too");
  }

 private:
  const Origins& origins_;
  std::string what_;
  std::map<std::string, std::string> seen_;
};

std::optional<Error> check_names(const v1::Config& config, const Origins& origins) {
  Unique names(origins, "the name");
  for (int i = 0; i < config.listeners_size(); ++i) {
    if (auto error = names.add(config.listeners(i).name(), listener_key(i, "name"))) {
      return error;
    }
  }
  return std::nullopt;
}

std::optional<Error> check_addresses(const v1::Config& config, const Origins& origins) {
  Unique addresses(origins, "the address");
  const auto add = [&](const std::string& text, const std::string& key) -> std::optional<Error> {
    const auto address = parse_address(text);
    return address && address->port != 0 ? addresses.add(text, key) : std::nullopt;
  };
  for (int i = 0; i < config.listeners_size(); ++i) {
    if (auto error = add(config.listeners(i).address(), listener_key(i, "address"))) {
      return error;
    }
  }
  if (auto error = add(config.control().address(), "control.address")) {
    return error;
  }
  return add(config.ops().address(), "ops.address");
}

std::optional<Error> check_drain(const v1::Config& config, const Origins& origins) {
  const auto& drain = config.drain();
  const auto needed = drain.settle() + drain.spread() + drain.flush();
  if (drain.deadline() == 0 || drain.deadline() >= needed) {
    return std::nullopt;
  }
  const auto kind = v1::KeyOptions::KIND_DURATION;
  return origins.error("drain.deadline", format_number(kind, drain.deadline()) +
                                             " is shorter than settle + spread + flush, which is " +
                                             format_number(kind, needed));
}

std::optional<Error> check_payload(const v1::Config& config, const Origins& origins) {
  const auto payload = config.control().max_payload_bytes();
  const auto inflight = config.limits().inflight_bytes();
  if (payload <= inflight) {
    return std::nullopt;
  }
  const auto kind = v1::KeyOptions::KIND_BYTES;
  return origins.error("control.max_payload_bytes",
                       format_number(kind, payload) + " is more than 'limits.inflight_bytes', " +
                           "which is " + format_number(kind, inflight));
}

// The data plane knows its settings by its own names; those of a listener are the file's.
std::string file_key(const std::string& key) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kKeys = {{
      {"max_payload_bytes", "control.max_payload_bytes"},
      {"max_inflight_bytes", "limits.inflight_bytes"},
      {"max_partial_bytes", "limits.partial_bytes"},
      {"linger", "limits.linger"},
      {"flush", "drain.flush"},
  }};
  for (const auto& [theirs, ours] : kKeys) {
    if (key == theirs) {
      return std::string(ours);
    }
  }
  return key;
}

}  // namespace

std::optional<Error> check(const v1::Config& config, const Origins& origins) {
  if (auto error = check_names(config, origins)) {
    return error;
  }
  if (auto error = check_addresses(config, origins)) {
    return error;
  }
  if (auto error = check_drain(config, origins)) {
    return error;
  }
  if (auto error = check_payload(config, origins)) {
    return error;
  }
  if (auto error = check_access(config, origins)) {
    return error;
  }
  if (auto error = check_bus(config, origins)) {
    return error;
  }
  if (auto error = check_control(config, origins)) {
    return error;
  }
  if (const auto fault = dataplane::validate(to_dataplane(config))) {
    return origins.error(file_key(fault->key), fault->message);
  }
  return std::nullopt;
}

}  // namespace crier::services::config
