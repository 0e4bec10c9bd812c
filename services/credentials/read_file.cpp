#include "services/credentials/read_file.hpp"

#include <utility>

#include "services/files/bounded_file.hpp"

namespace crier::services::credentials {

std::variant<std::string, Problem> read_file(const std::string& path, std::size_t bytes_max) {
  auto text = files::read_bounded(path, bytes_max);
  if (const auto* problem = std::get_if<files::FileProblem>(&text)) {
    return Problem{path + ": " + problem->reason};
  }
  return std::get<std::string>(std::move(text));
}

}  // namespace crier::services::credentials
