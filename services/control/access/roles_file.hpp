#pragma once

#include <memory>
#include <string>
#include <variant>

#include "services/control/access/roles.hpp"

namespace crier::services::control {

struct RolesProblem {
  std::string sentence;  // names the key, the file and the line; holds nothing of the file's text
};

using LoadedRoles = std::variant<std::shared_ptr<const Roles>, RolesProblem>;

// The callers named in a file, control.roles_file.
[[nodiscard]] LoadedRoles load_roles(const std::string& path);

}  // namespace crier::services::control
