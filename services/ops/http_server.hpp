#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

struct MHD_Daemon;

namespace crier::services::ops {

struct HttpResponse {
  unsigned status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
};

struct HttpLimits {
  unsigned connections = 256;            // at a time; more wait in the backlog
  std::chrono::seconds timeout{10};      // without a byte from or to a connection
  std::size_t connection_bytes = 16384;  // request line and headers of one request
  int backlog = 128;
};

// A small HTTP/1.1 server for GET and HEAD. One thread waits for all connections together, so that
// slow ones hold up nobody.
class HttpServer {
 public:
  // Answers a path (without its query); nothing means 404. Runs on the server's thread and holds up
  // every other request meanwhile.
  using Handler = std::function<std::optional<HttpResponse>(std::string_view path)>;

  explicit HttpServer(Handler handler, HttpLimits limits = {});
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  // calls stop()

  // Listens on numeric host:port and starts the thread. Throws std::system_error with a sentence.
  void start(const std::string& address);
  // Closes every connection and joins the thread. Idempotent.
  void stop();

  // As bound: the port is never 0. Empty before start().
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const Handler& handler() const { return handler_; }

 private:
  const Handler handler_;
  const HttpLimits limits_;
  std::string address_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace crier::services::ops
