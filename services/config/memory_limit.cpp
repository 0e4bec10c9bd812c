#include "services/config/memory_limit.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace crier::services::config {
namespace {

using Bytes = std::optional<std::uint64_t>;
using std::filesystem::path;

Bytes least(Bytes one, Bytes other) {
  if (!one || !other) {
    return one ? one : other;
  }
  return std::min(*one, *other);
}

// "max" of v2 is no number and so no limit.
Bytes read_limit(const path& file) {
  std::uint64_t bytes = 0;
  std::ifstream in(file);
  return in >> bytes ? Bytes(bytes) : std::nullopt;
}

// Folders of `root` from the cgroup `group` outwards, as a limit around holds too. In a container
// `group` may be the machine's name for what is mounted as `root`: such folders do not exist.
Bytes limit_along(const path& root, path group, const char* file) {
  Bytes limit;
  for (; !group.empty(); group = group.parent_path()) {
    limit = least(limit, read_limit(root / group / file));
  }
  return least(limit, read_limit(root / file));
}

// Lines are HIERARCHY:CONTROLLERS:/GROUP. Version 2 is the hierarchy without controllers.
Bytes cgroup_limit(const MemoryFiles& files) {
  Bytes limit = least(read_limit(files.cgroups / "memory.max"),
                      read_limit(files.cgroups / "memory" / "memory.limit_in_bytes"));
  std::ifstream in(files.membership);
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const path group = path(line.substr(second + 1)).relative_path();
    if (controllers.empty()) {
      limit = least(limit, limit_along(files.cgroups, group, "memory.max"));
    } else if (("," + controllers + ",").find(",memory,") != std::string::npos) {
      limit = least(limit, limit_along(files.cgroups / "memory", group, "memory.limit_in_bytes"));
    }
  }
  return limit;
}

Bytes physical_memory(const path& file) {
  std::ifstream in(file);
  std::uint64_t kibibytes = 0;
  for (std::string key; in >> key; std::getline(in, key)) {
    if (key == "MemTotal:" && in >> kibibytes) {
      return kibibytes << 10U;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> usable_memory(const MemoryFiles& files) {
  return least(cgroup_limit(files), physical_memory(files.physical));
}

}  // namespace crier::services::config
