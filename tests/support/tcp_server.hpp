#pragma once

#include <memory>
#include <string>

#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// The other end of a TcpClient: listens on a free loopback port.
class TcpServer {
 public:
  TcpServer();
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;
  ~TcpServer();

  [[nodiscard]] std::string address() const;
  // Waits for the next one that connects; throws where nobody comes.
  [[nodiscard]] std::unique_ptr<TcpClient> accept();

 private:
  int fd_ = -1;
};

}  // namespace crier::testing
