#pragma once

#include <string>

namespace crier::tests {

// One loopback connection to an HTTP server; every wait ends after 30 s with an exception.
class HttpClient {
 public:
  explicit HttpClient(const std::string& address);  // 127.0.0.1:port or [::1]:port
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  void send(const std::string& bytes);
  // Sends a request and reads to the end of the connection.
  [[nodiscard]] std::string request(const std::string& method, const std::string& path);
  [[nodiscard]] std::string read_to_end();
  // Neither closed nor answered by the server.
  [[nodiscard]] bool waiting() const;

 private:
  int fd_ = -1;
};

struct HttpAnswer {
  int status = 0;
  std::string headers;
  std::string body;
};

[[nodiscard]] HttpAnswer parse_answer(const std::string& text);

// A whole exchange on a connection of its own.
[[nodiscard]] HttpAnswer http(const std::string& address, const std::string& path,
                              const std::string& method = "GET");

}  // namespace crier::tests
