#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace crier::testing {

// A fixed address before servers that change, as a name or a proxy is: nodes dial it and reach
// whichever Redis it points to.
class Forwarder {
 public:
  explicit Forwarder(std::uint16_t to);
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  ~Forwarder();

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // All return when it is done. Where new connections go from now on:
  void point_to(std::uint16_t port);
  // Ends every connection.
  void cut();
  // Connections that have not subscribed to anything go on with another server, unnoticed by
  // whoever opened them: what is published there is confirmed, and reaches nobody.
  void move_publishers(std::uint16_t port);

 private:
  class Pair;

  void accept();
  void on_loop(const std::function<void()>& action);

  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::uint16_t to_;                          // the loop's
  std::vector<std::shared_ptr<Pair>> pairs_;  // the loop's
  std::thread thread_;
};

}  // namespace crier::testing
