#include "services/files/bounded_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace crier::services::files {
namespace {

constexpr std::size_t kPieceBytes = 16U << 10U;

FileProblem failed() {
  return {"cannot be read: " + std::generic_category().message(errno)};
}

std::variant<std::string, FileProblem> read_open(int fd, std::size_t bytes_max) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return failed();
  if (!S_ISREG(info.st_mode)) return FileProblem{"cannot be read: it is not a regular file"};
  std::string text;
  std::array<char, kPieceBytes> piece{};
  while (true) {
    const ssize_t bytes = ::read(fd, piece.data(), piece.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return failed();
    if (bytes == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(bytes));
    if (text.size() > bytes_max) {
      return FileProblem{"is larger than " + std::to_string(bytes_max) + " bytes"};
    }
  }
}

}  // namespace

std::variant<std::string, FileProblem> read_bounded(const std::string& path,
                                                    std::size_t bytes_max) {
  // Without O_NONBLOCK opening a pipe would wait for somebody who writes.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return failed();
  auto text = read_open(fd, bytes_max);
  ::close(fd);
  return text;
}

}  // namespace crier::services::files
