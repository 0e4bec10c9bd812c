#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace crier::services::bus::redis {

// A server that says what a test wants it to say.
class FakeRedis {
 public:
  using Words = std::vector<std::string>;
  // The bytes that answer a command; empty: nothing. Called on the server's thread.
  using Script = std::function<std::string(const Words& words)>;

  explicit FakeRedis(Script script);
  FakeRedis(const FakeRedis&) = delete;
  FakeRedis& operator=(const FakeRedis&) = delete;
  ~FakeRedis();

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // What a Redis with nobody in it says: enough for a bus to be dialled.
  [[nodiscard]] static std::string polite(const Words& words);

 private:
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(std::shared_ptr<asio::ip::tcp::socket> client);

  Script script_;
  asio::io_context io_{1};
  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;
};

[[nodiscard]] std::string bulk(const std::string& bytes);

}  // namespace crier::services::bus::redis
