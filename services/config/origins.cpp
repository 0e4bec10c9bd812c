#include "services/config/origins.hpp"

#include "services/logging/escape.hpp"

namespace crier::services::config {
namespace {

// Long enough for any path of a file system, short enough for one line on a screen.
constexpr std::size_t kNameBytesMax = 512;

}  // namespace

Origins::Origins(std::string_view name) : name_(logging::escape(name, kNameBytesMax)) {}

void Origins::from_line(const std::string& path, int line) {
  lines_[path] = line;
}

void Origins::from_set(const std::string& path) {
  lines_[path] = kFromSet;
}

Error Origins::error(const std::string& path, const std::string& reason) const {
  const std::string shown = logging::escape(path);
  for (std::string_view place = path; !place.empty();) {
    if (const auto found = lines_.find(place); found != lines_.end()) {
      if (found->second != kFromSet) {
        return {name_ + ":" + std::to_string(found->second) + ": key '" + shown + "': " + reason};
      }
      return {"--set " + logging::escape(place) + ": " +
              (place == path ? "" : "key '" + shown + "': ") + reason};
    }
    const std::size_t cut = place.find_last_of(".[");
    place = place.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
  return {name_ + ": key '" + shown + "': " + reason};
}

Error Origins::error_at(int line, const std::string& reason) const {
  return {name_ + (line == 0 ? "" : ":" + std::to_string(line)) + ": " + reason};
}

}  // namespace crier::services::config
