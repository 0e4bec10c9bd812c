#pragma once

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "bench/macro/system.hpp"

namespace crier::bench {

// A publisher's connection: small messages that follow each other at once leave together.
class PublisherSocket {
 public:
  explicit PublisherSocket(const std::string& address) : fd_(connect_to(port_of(address))) {
    set_no_delay(fd_);
  }
  PublisherSocket(const PublisherSocket&) = delete;
  PublisherSocket& operator=(const PublisherSocket&) = delete;
  ~PublisherSocket() { close(fd_); }

  // What is to be sent next; flush() or flush_unless() sends it.
  [[nodiscard]] std::string& waiting() { return waiting_; }

  void flush() {
    send_all(fd_, waiting_);
    waiting_.clear();
  }
  // `more`: something follows at once that can leave with this.
  void flush_unless(bool more) {
    if (!more || waiting_.size() >= kWriteBytes) flush();
  }

  // Waits for input, and adds it to `input`.
  void read(std::string& input) const {
    std::array<char, 16U << 10U> bytes;
    const ssize_t n = recv(fd_, bytes.data(), bytes.size(), 0);
    if (n <= 0) die("a publisher's server does not answer");
    input.append(bytes.data(), static_cast<std::size_t>(n));
  }

 private:
  // As much as gRPC gathers for one write, roughly.
  static constexpr std::size_t kWriteBytes = 16U << 10U;

  int fd_;
  std::string waiting_;
};

}  // namespace crier::bench
