#include "services/ops/http_server.hpp"

#include <microhttpd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <memory>
#include <system_error>
#include <utility>

#include "services/logging/log.hpp"
#include "services/ops/listen_socket.hpp"

namespace crier::services::ops {
namespace {

void log_message(void* /*server*/, const char* format, std::va_list arguments) {
  std::array<char, logging::kFieldBytesMax> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  std::string_view message(text.data());
  while (!message.empty() && message.back() == '\n') message.remove_suffix(1);
  logging::log_limited("ops_http", logging::Level::kDebug, "http", {{"detail", message}});
}

HttpResponse respond(const HttpServer& server, std::string_view method, std::string_view path) {
  if (method != MHD_HTTP_METHOD_GET && method != MHD_HTTP_METHOD_HEAD) {
    return {MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are served here\n"};
  }
  try {
    return server.handler()(path).value_or(
        HttpResponse{MHD_HTTP_NOT_FOUND, "no such path; try /metrics, /livez or /readyz\n"});
  } catch (const std::exception& error) {
    return {MHD_HTTP_INTERNAL_SERVER_ERROR, std::string(error.what()) + "\n"};
  }
}

MHD_Result send(MHD_Connection* connection, const HttpResponse& response) {
  // libmicrohttpd's signature takes a mutable buffer, which it only reads.
  const std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)> out(
      MHD_create_response_from_buffer(response.body.size(), const_cast<char*>(response.body.data()),
                                      MHD_RESPMEM_MUST_COPY),
      &MHD_destroy_response);
  if (out == nullptr) return MHD_NO;
  MHD_add_response_header(out.get(), MHD_HTTP_HEADER_CONTENT_TYPE, response.content_type.c_str());
  MHD_add_response_header(out.get(), MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  // Probes open a connection each, and scrapes are further apart than `timeout`.
  MHD_add_response_header(out.get(), MHD_HTTP_HEADER_CONNECTION, "close");
  if (response.status == MHD_HTTP_METHOD_NOT_ALLOWED) {
    MHD_add_response_header(out.get(), MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  }
  return MHD_queue_response(connection, response.status, out.get());
}

// Called once when the headers are complete, which is all that GET and HEAD have; any other method
// is refused before its body is read.
MHD_Result on_request(void* server, MHD_Connection* connection, const char* url, const char* method,
                      const char* /*version*/, const char* /*upload*/,
                      std::size_t* /*upload_bytes*/, void** /*state*/) {
  return send(connection, respond(*static_cast<const HttpServer*>(server), method, url));
}

// libmicrohttpd's own bounds do not help: its timeout begins again with every byte, and at its
// bound of connections it accepts nobody. A socket that is shut down ends like one whose peer went
// away.
void on_connection(void* open, MHD_Connection* connection, void** /*state*/,
                   MHD_ConnectionNotificationCode event) {
  auto& connections = *static_cast<OpenConnections*>(open);
  const int socket =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  if (event == MHD_CONNECTION_NOTIFY_CLOSED) {
    connections.remove(socket);
    return;
  }
  for (const int old : connections.add(socket, std::chrono::steady_clock::now())) {
    ::shutdown(old, SHUT_RDWR);
  }
}

}  // namespace

HttpServer::HttpServer(Handler handler, HttpLimits limits)
    : handler_(std::move(handler)), limits_(limits), open_(limits.connections, limits.age) {}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::start(const std::string& address) {
  ListenSocket socket(address, limits_.backlog);
  address_ = socket.address();
  // The socket is libmicrohttpd's from here on. A failed start ends the process, so nobody has to
  // know whether it was closed then.
  daemon_ = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, nullptr, nullptr, &on_request, this,
      MHD_OPTION_EXTERNAL_LOGGER, &log_message, nullptr,                              //
      MHD_OPTION_LISTEN_SOCKET, socket.release(),                                     //
      MHD_OPTION_NOTIFY_CONNECTION, &on_connection, &open_,                           //
      MHD_OPTION_CONNECTION_LIMIT, limits_.connections,                               //
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(limits_.timeout.count()),  //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits_.connection_bytes, MHD_OPTION_END);
  if (daemon_ == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot serve HTTP on " + address);
  }
}

void HttpServer::stop() {
  if (daemon_ != nullptr) MHD_stop_daemon(std::exchange(daemon_, nullptr));
}

}  // namespace crier::services::ops
