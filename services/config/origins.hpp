#pragma once

#include <map>
#include <string>
#include <string_view>

#include "services/config/config.hpp"

namespace crier::services::config {

// Remembers where each key got its value, so that a fault found late still names a place.
// Paths are as people write them: listeners[0].queue.max_bytes.
class Origins {
 public:
  // `name` stands for the file, or for what is built in.
  explicit Origins(std::string_view name);

  void from_line(const std::string& path, int line);
  void from_set(const std::string& path);

  // The sentence for a fault of the key `path`; its own origin, or that of the closest group.
  [[nodiscard]] Error error(const std::string& path, const std::string& reason) const;

  // The sentence for a fault that concerns no key; line 0: the file as a whole.
  [[nodiscard]] Error error_at(int line, const std::string& reason) const;

 private:
  static constexpr int kFromSet = -1;

  std::string name_;
  std::map<std::string, int, std::less<>> lines_;
};

}  // namespace crier::services::config
