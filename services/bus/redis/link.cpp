#include "services/bus/redis/link.hpp"

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <utility>

namespace crier::services::bus::redis {
namespace {

// hiredis moves the rest of what it was fed to the front after each kilobyte: small bites.
constexpr std::size_t kBiteBytes = 16U << 10U;

std::string in_words(std::string_view what, const std::error_code& ec) {
  return std::string(what) + ": " + ec.message();
}

}  // namespace

Link::Link(asio::io_context& io, ReplyReader::Limits limits, asio::ssl::context* tls)
    : socket_(io), reader_(limits), buffer_(std::make_unique<std::array<char, kReadBytes>>()) {
  if (tls != nullptr) tls_.emplace(socket_, *tls);
}

asio::awaitable<std::string> Link::connect(asio::ip::tcp::endpoint to, std::string name) {
  std::error_code ec;
  co_await socket_.async_connect(to, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return in_words("connecting", ec);
  socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  if (!tls_) co_return std::string();
  if (!expect_name(*tls_, name)) co_return "TLS: " + name + " is no name for a certificate";
  co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                 asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return in_words("TLS", ec);
  co_return std::string();
}

asio::awaitable<std::string> Link::send(std::string bytes) {
  std::error_code ec;
  if (tls_) {
    co_await asio::async_write(*tls_, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, ec));
  } else {
    co_await asio::async_write(socket_, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, ec));
  }
  co_return ec ? in_words("sending", ec) : std::string();
}

asio::awaitable<std::string> Link::receive(Reply& into, Reply* item) {
  for (;;) {
    const ReplyReader::Next what = next(into);
    if (what == ReplyReader::Next::kReply) co_return std::string();
    if (what == ReplyReader::Next::kItem && item != nullptr) {
      *item = std::move(into);
      continue;
    }
    if (what != ReplyReader::Next::kMore) {
      broken_ = true;
      co_return "it said what cannot be understood: " + reader_.problem();
    }
    std::error_code ec;
    std::size_t bytes = 0;
    if (tls_) {
      bytes = co_await tls_->async_read_some(asio::buffer(*buffer_),
                                             asio::redirect_error(asio::use_awaitable, ec));
    } else {
      bytes = co_await socket_.async_read_some(asio::buffer(*buffer_),
                                               asio::redirect_error(asio::use_awaitable, ec));
    }
    if (ec) co_return in_words("receiving", ec);
    unfed_ = std::string_view(buffer_->data(), bytes);
  }
}

template <class Handler>
void Link::read_some(Handler handler) {
  if (tls_) {
    tls_->async_read_some(asio::buffer(*buffer_), std::move(handler));
  } else {
    socket_.async_read_some(asio::buffer(*buffer_), std::move(handler));
  }
}

void Link::read(Done done) {
  read_some([this, done = std::move(done)](std::error_code ec, std::size_t bytes) {
    if (!ec) unfed_ = std::string_view(buffer_->data(), bytes);
    done(ec);
  });
}

ReplyReader::Next Link::next(Reply& into) {
  for (;;) {
    const ReplyReader::Next what = reader_.next(into);
    if (what != ReplyReader::Next::kMore || unfed_.empty()) return what;
    const std::size_t bite = std::min(unfed_.size(), kBiteBytes);
    reader_.feed(unfed_.substr(0, bite));
    unfed_.remove_prefix(bite);
  }
}

template <class Handler>
void Link::write_all(std::string_view bytes, Handler handler) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (tls_) {
    asio::async_write(*tls_, buffer, std::move(handler));
  } else {
    asio::async_write(socket_, buffer, std::move(handler));
  }
}

void Link::write(std::string_view bytes, Done done) {
  write_all(bytes, [done = std::move(done)](std::error_code ec, std::size_t) { done(ec); });
}

void Link::close() {
  std::error_code ignored;
  socket_.close(ignored);
}

}  // namespace crier::services::bus::redis
