#include "services/crierctl/payload_file.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>

#include "services/crierctl/escape.hpp"
#include "services/crierctl/human.hpp"

namespace crier::services::crierctl {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

std::variant<std::string, PayloadError> read_payload(const std::string& path,
                                                     std::size_t bytes_max) {
  const std::string name = path == "-" ? "standard input" : escaped(path);
  const auto failed = [&] {
    return PayloadError{"cannot read " + name + ": " + std::generic_category().message(errno)};
  };
  const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? stdin
                                                               : std::fopen(path.c_str(), "rb"));
  if (!file) return failed();

  std::string payload;
  std::vector<char> piece(64U << 10U);
  while (const std::size_t bytes = std::fread(piece.data(), 1, piece.size(), file.get())) {
    if (payload.size() + bytes > bytes_max) {
      return PayloadError{name + " is larger than " +
                          human_bytes(static_cast<std::int64_t>(bytes_max))};
    }
    payload.append(piece.data(), bytes);
  }
  if (std::ferror(file.get()) != 0) return failed();
  return payload;
}

}  // namespace crier::services::crierctl
