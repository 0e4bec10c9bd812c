#include "tests/integration/cluster/forwarder.hpp"

#include <array>
#include <asio/buffer.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>
#include <future>
#include <string_view>
#include <system_error>
#include <utility>

namespace crier::testing {

using asio::ip::tcp;

// A connection, and the one that continues it.
class Forwarder::Pair final : public std::enable_shared_from_this<Pair> {
 public:
  explicit Pair(tcp::socket client) : client_(std::move(client)) {}

  // Also again, to continue elsewhere.
  void start(std::uint16_t to) {
    const bool first = server_ == nullptr;
    std::error_code ec;
    if (!first) server_->close(ec);
    server_ = std::make_shared<tcp::socket>(client_.get_executor());
    // Within the same machine this is done at once, or refused at once.
    server_->connect({asio::ip::address_v4::loopback(), to}, ec);
    if (ec) return close();
    server_->set_option(tcp::no_delay(true), ec);
    client_.set_option(tcp::no_delay(true), ec);
    if (first) carry_up();
    carry_down(server_);
  }

  void close() {
    std::error_code ignored;
    client_.close(ignored);
    if (server_) server_->close(ignored);
  }

  [[nodiscard]] bool subscribed() const { return subscribed_; }

 private:
  void carry_up() {
    client_.async_read_some(
        asio::buffer(up_), [this, self = shared_from_this()](std::error_code ec, std::size_t size) {
          if (ec) return close();
          const std::string_view bytes(up_.data(), size);
          subscribed_ |= bytes.find("SUBSCRIBE") != bytes.npos || bytes.find("XREAD") != bytes.npos;
          asio::async_write(
              *server_, asio::buffer(up_.data(), size),
              [this, self, server = server_](std::error_code failed, std::size_t /*size*/) {
                if (failed && server == server_) return close();
                carry_up();
              });
        });
  }

  void carry_down(const std::shared_ptr<tcp::socket>& server) {
    const auto buffer = std::make_shared<std::array<char, kBufferBytes>>();
    server->async_read_some(asio::buffer(*buffer), [this, self = shared_from_this(), server,
                                                    buffer](std::error_code ec, std::size_t size) {
      if (server != server_) return;
      if (ec) return close();
      asio::async_write(client_, asio::buffer(buffer->data(), size),
                        [this, self, server, buffer](std::error_code failed, std::size_t /*size*/) {
                          if (failed) return close();
                          if (server == server_) carry_down(server);
                        });
    });
  }

  static constexpr std::size_t kBufferBytes = 64U << 10U;

  tcp::socket client_;
  std::shared_ptr<tcp::socket> server_;
  std::array<char, kBufferBytes> up_{};
  bool subscribed_ = false;
};

Forwarder::Forwarder(std::uint16_t to)
    : acceptor_(loop_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()),
      to_(to) {
  accept();
  thread_ = std::thread([this] { loop_.run(); });
}

Forwarder::~Forwarder() {
  work_.reset();
  loop_.stop();
  thread_.join();
}

void Forwarder::accept() {
  acceptor_.async_accept([this](std::error_code ec, tcp::socket client) {
    if (ec) return;
    pairs_.push_back(std::make_shared<Pair>(std::move(client)));
    pairs_.back()->start(to_);
    accept();
  });
}

void Forwarder::on_loop(const std::function<void()>& action) {
  std::promise<void> done;
  asio::post(loop_, [&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

void Forwarder::point_to(std::uint16_t port) {
  on_loop([this, port] { to_ = port; });
}

void Forwarder::cut() {
  on_loop([this] {
    for (const auto& pair : pairs_) pair->close();
    pairs_.clear();
  });
}

void Forwarder::move_publishers(std::uint16_t port) {
  on_loop([this, port] {
    for (const auto& pair : pairs_) {
      if (!pair->subscribed()) pair->start(port);
    }
  });
}

}  // namespace crier::testing
