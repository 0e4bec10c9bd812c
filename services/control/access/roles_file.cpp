#include "services/control/access/roles_file.hpp"

#include <utility>

#include "services/files/bounded_file.hpp"

namespace crier::services::control {

LoadedRoles load_roles(const std::string& path) {
  const std::string key = "key 'control.roles_file': ";
  const auto text = files::read_bounded(path, Roles::kTextBytesMax);
  if (const auto* problem = std::get_if<files::FileProblem>(&text)) {
    return RolesProblem{key + path + " " + problem->reason};
  }
  auto parsed = Roles::parse(std::get<std::string>(text));
  if (const auto* problem = std::get_if<Roles::Problem>(&parsed)) {
    const std::string place =
        problem->line == 0 ? path : path + ":" + std::to_string(problem->line);
    return RolesProblem{key + place + " " + problem->reason};
  }
  return std::make_shared<const Roles>(std::get<Roles>(std::move(parsed)));
}

}  // namespace crier::services::control
