#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace crier::services::credentials {

// A folder for the files of one test, gone at its end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "crier_credentials.XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string path(std::string_view name) const { return (path_ / name).string(); }

  // The path of the file, which holds `text` from here on and is another one than before.
  std::string write(std::string_view name, std::string_view text) const {
    const std::string fresh = path(std::string(name) + ".new");
    std::ofstream(fresh, std::ios::binary) << text;
    std::filesystem::rename(fresh, path(name));
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace crier::services::credentials
