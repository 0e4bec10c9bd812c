#include "tests/support/resp_client.hpp"

#include <stdexcept>

namespace crier::testing {

std::string RespClient::ask(const std::vector<std::string>& words) {
  std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) {
    bytes += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  }
  client_.send(bytes);
  return read_reply();
}

std::string RespClient::read_reply() {
  std::string line = client_.read_line();
  if (line.size() < 3) throw std::runtime_error("Redis closed the connection");
  line.resize(line.find('\r'));
  std::string rest = line.substr(1);
  switch (line.front()) {
    case '+':
      return rest;
    case ':':
      return "(" + rest + ")";
    case '-':
      return line;
    default:
      break;
  }
  if (rest == "-1") return "nil";
  const std::size_t count = std::stoul(rest);
  if (line.front() == '$') {
    const std::string bytes = client_.read(count + 2);
    return bytes.substr(0, count);
  }
  std::string all = "[";
  for (std::size_t i = 0; i < count; ++i) all += (i == 0 ? "" : " ") + read_reply();
  return all + "]";
}

}  // namespace crier::testing
