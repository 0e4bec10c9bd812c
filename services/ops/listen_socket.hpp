#pragma once

#include <string>

namespace crier::services::ops {

// A listening TCP socket, closed with this object unless it was released.
class ListenSocket {
 public:
  // `address` is numeric host:port or [v6]:port; port 0 takes any free one. A port that another
  // socket listens on is refused, never shared. Throws std::system_error with a sentence that names
  // the address and the reason.
  ListenSocket(const std::string& address, int backlog);
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;
  ~ListenSocket();

  // As bound, in the form of the constructor's argument: the port is never 0.
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] int release();  // the caller closes it

 private:
  int fd_ = -1;
  std::string address_;
};

}  // namespace crier::services::ops
