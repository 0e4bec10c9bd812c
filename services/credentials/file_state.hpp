#pragma once

#include <cstdint>
#include <string>

namespace crier::services::credentials {

// What tells that the file at a path, symlinks followed, is another one or was written to. All zero
// where there is none that can be seen.
struct FileState {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  // of the inode: also a rename or a modification time set back

  bool operator==(const FileState&) const = default;
};

[[nodiscard]] FileState file_state(const std::string& path);

}  // namespace crier::services::credentials
