#pragma once

#include <array>
#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "services/bus/redis/reply.hpp"
#include "services/bus/redis/tls.hpp"

namespace crier::services::bus::redis {

// One connection to Redis, with or without TLS. On the loop's thread. Whoever starts an operation
// keeps the link alive until it is over; close() ends all of them soon.
class Link {
 public:
  using Done = std::function<void(std::error_code)>;
  using Executor = asio::io_context::executor_type;

  // Read at once; a system call for this much costs little against the bytes.
  static constexpr std::size_t kReadBytes = 64U << 10U;

  // `tls` may be null, and outlives the link otherwise.
  Link(asio::io_context& io, ReplyReader::Limits limits, asio::ssl::context* tls);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // While dialling. Each says in words what went wrong, and nothing where all went well.
  [[nodiscard]] asio::awaitable<std::string> connect(asio::ip::tcp::endpoint to, std::string name);
  [[nodiscard]] asio::awaitable<std::string> send(std::string bytes);
  // Waits for one reply. What is too large or not RESP sets broken(). Items, where the link has
  // them, go to `item`, the last one stays.
  [[nodiscard]] asio::awaitable<std::string> receive(Reply& into, Reply* item = nullptr);
  [[nodiscard]] bool broken() const { return broken_; }

  // Reads once. One at a time.
  void read(Done done);
  // What was read, as far as it is complete.
  [[nodiscard]] ReplyReader::Next next(Reply& into);
  [[nodiscard]] const ReplyReader& reader() const { return reader_; }
  // Writes all of `bytes`, which must stay as they are until `done`. One at a time.
  void write(std::string_view bytes, Done done);

  void close();

 private:
  template <class Handler>
  void read_some(Handler handler);
  template <class Handler>
  void write_all(std::string_view bytes, Handler handler);

  asio::ip::tcp::socket socket_;
  std::optional<TlsStream> tls_;
  ReplyReader reader_;
  bool broken_ = false;
  std::unique_ptr<std::array<char, kReadBytes>> buffer_;
  std::string_view unfed_;  // of buffer_
};

}  // namespace crier::services::bus::redis
