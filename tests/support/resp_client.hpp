#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// Somebody else at Redis, by hand: sends commands and shows what comes, as RESP says it.
class RespClient {
 public:
  explicit RespClient(std::uint16_t port) : client_("127.0.0.1:" + std::to_string(port)) {}

  // One command, and its reply in one line: "OK", "(3)", "nil", "-ERR ...", "[a [b c]]".
  std::string ask(const std::vector<std::string>& words);

 private:
  std::string read_reply();

  TcpClient client_;
};

}  // namespace crier::testing
