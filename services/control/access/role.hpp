#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/control/rpc_stats.hpp"

namespace crier::services::control {

// What a caller may do. Each role may do what those before it may.
enum class Role : std::uint8_t {
  kRead,     // see clients and nodes
  kPublish,  // send to clients
  kAdmin,    // close clients
};

// As written in a file of roles, indexed by Role.
inline constexpr std::array<std::string_view, 3> kRoleNames{"read", "publish", "admin"};

[[nodiscard]] constexpr std::string_view name(Role role) {
  return kRoleNames[static_cast<std::size_t>(role)];
}

// The least role that may call `method`. A method without a case is for admins, so that one added
// later opens to others only when somebody says so.
[[nodiscard]] constexpr Role role_needed(Method method) {
  switch (method) {
    case Method::kListClients:
    case Method::kGetClient:
    case Method::kListNodes:
      return Role::kRead;
    case Method::kBroadcast:
    case Method::kBroadcastStream:
      return Role::kPublish;
    case Method::kDisconnect:
      break;
  }
  return Role::kAdmin;
}

}  // namespace crier::services::control
