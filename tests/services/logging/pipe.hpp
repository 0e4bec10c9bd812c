#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace crier::services::logging {

// A pipe for a log whose reader the test plays. It holds 64 KiB until somebody reads.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reader();
    close_writer();
  }

  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

  // What is there until it contains `text`, or until all writers have closed.
  std::string read_until(const std::string& text) {
    std::array<char, 4096> buffer{};
    std::string all;
    while (text.empty() || all.find(text) == std::string::npos) {
      const ssize_t size = read(ends_[0], buffer.data(), buffer.size());
      if (size <= 0) {
        break;
      }
      all.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return all;
  }
  std::string read_all() {
    close_writer();
    return read_until("");
  }

 private:
  static void close_end(int& end) {
    if (const int fd = std::exchange(end, -1); fd >= 0) {
      close(fd);
    }
  }

  std::array<int, 2> ends_{-1, -1};
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace crier::services::logging
