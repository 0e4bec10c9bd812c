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

std::variant<std::string, FileProblem> read_open(int fd, std::size_t bytes_max, Pipes pipes) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return failed();
  const bool pipe = S_ISFIFO(info.st_mode) && pipes == Pipes::kRead;
  if (!S_ISREG(info.st_mode) && !pipe) {
    return FileProblem{"cannot be read: it is not a regular file"};
  }
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

std::variant<std::string, FileProblem> read_bounded(const std::string& path, std::size_t bytes_max,
                                                    Pipes pipes) {
  // Without O_NONBLOCK opening a pipe waits for somebody who writes.
  const int waits = pipes == Pipes::kRead ? 0 : O_NONBLOCK;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waits);
  if (fd < 0) return failed();
  auto text = read_open(fd, bytes_max, pipes);
  ::close(fd);
  return text;
}

}  // namespace crier::services::files
