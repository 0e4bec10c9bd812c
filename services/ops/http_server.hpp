#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "services/ops/open_connections.hpp"

struct MHD_Daemon;

namespace crier::services::ops {

struct HttpResponse {
  unsigned status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
};

struct HttpLimits {
  unsigned connections = 256;            // at a time, at least 2: the oldest leave for new ones
  std::chrono::seconds age{10};          // of a connection, after which it leaves for a new one
  std::chrono::seconds timeout{10};      // without a byte from or to a connection
  std::size_t connection_bytes = 16384;  // request line and headers of one request
  int backlog = 1024;                    // a burst that is not accepted yet
};

// A small HTTP/1.1 server for GET and HEAD, one request on each connection. One thread waits for
// all connections together, and slow ones leave when new ones need their places, so they hold up
// nobody.
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
  OpenConnections open_;  // of the server's thread, while it runs
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace crier::services::ops
