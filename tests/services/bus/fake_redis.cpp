#include "tests/services/bus/fake_redis.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <system_error>
#include <utility>

#include "services/bus/redis/reply.hpp"

namespace crier::services::bus::redis {

FakeRedis::FakeRedis(Script script)
    : script_(std::move(script)),
      acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
  asio::co_spawn(io_, accept(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

FakeRedis::~FakeRedis() {
  io_.stop();
  thread_.join();
}

asio::awaitable<void> FakeRedis::accept() {
  for (;;) {
    std::error_code ec;
    auto client = std::make_shared<asio::ip::tcp::socket>(io_);
    co_await acceptor_.async_accept(*client, asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) asio::co_spawn(io_, serve(std::move(client)), asio::detached);
  }
}

asio::awaitable<void> FakeRedis::serve(std::shared_ptr<asio::ip::tcp::socket> client) {
  asio::ip::tcp::socket& socket = *client;
  ReplyReader reader({.max_bulk_bytes = 1U << 20U, .item_depth = 0});
  std::string buffer(4096, '\0');
  std::error_code ec;
  while (!ec) {
    const std::size_t bytes = co_await socket.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, ec));
    reader.feed({buffer.data(), bytes});
    Reply command;
    std::string answer;
    while (reader.next(command) == ReplyReader::Next::kReply) {
      Words words;
      for (const Reply& word : command.elements) words.push_back(word.text);
      answer += script_(words);
    }
    if (answer.empty() || ec) continue;
    co_await asio::async_write(socket, asio::buffer(answer),
                               asio::redirect_error(asio::use_awaitable, ec));
  }
}

std::string FakeRedis::polite(const Words& words) {
  if (words.front() == "PUBLISH") return ":0\r\n";
  if (words.front() == "XREVRANGE") return "*0\r\n";
  if (words.front() == "XADD") return bulk("1-1");
  if (words.front() == "XREAD") return "";
  if (words.front() != "SUBSCRIBE") return "+OK\r\n";
  return "*3\r\n" + bulk("subscribe") + bulk(words[1]) + ":1\r\n*3\r\n" + bulk("subscribe") +
         bulk(words[2]) + ":2\r\n";
}

std::string bulk(const std::string& bytes) {
  return "$" + std::to_string(bytes.size()) + "\r\n" + bytes + "\r\n";
}

}  // namespace crier::services::bus::redis
