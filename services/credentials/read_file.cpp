#include "services/credentials/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace crier::services::credentials {
namespace {

constexpr std::size_t kReadBytes = 64U << 10U;

Problem unreadable(const std::string& path, int error) {
  return {path + ": cannot be read: " + std::generic_category().message(error)};
}

// errno, or 0.
int read_up_to(int descriptor, std::size_t bytes_max, std::string& text) {
  while (text.size() < bytes_max) {
    const std::size_t before = text.size();
    text.resize(std::min(bytes_max, before + kReadBytes));
    const ssize_t count = ::read(descriptor, text.data() + before, text.size() - before);
    const int error = errno;
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return 0;
    if (count < 0 && error != EINTR) return error;
  }
  return 0;
}

}  // namespace

std::variant<std::string, Problem> read_file(const std::string& path, std::size_t bytes_max) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return unreadable(path, errno);
  std::string text;
  const int error = read_up_to(descriptor, bytes_max + 1, text);
  ::close(descriptor);
  if (error != 0) return unreadable(path, error);
  if (text.size() > bytes_max) {
    return Problem{path + ": is larger than " + std::to_string(bytes_max) + " bytes"};
  }
  return text;
}

}  // namespace crier::services::credentials
