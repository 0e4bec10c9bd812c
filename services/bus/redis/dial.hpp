#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/bus/bus.hpp"
#include "services/bus/redis/link.hpp"
#include "services/bus/redis/names.hpp"
#include "services/bus/redis/options.hpp"
#include "services/bus/redis/stream_entry.hpp"

namespace crier::services::bus::redis {

// The connections of one session, all to the same address, ready for use.
struct Links {
  std::unique_ptr<asio::ssl::context> tls;  // outlives the links
  std::unique_ptr<Link> publish;
  std::unique_ptr<Link> subscribe;  // subscribed
  std::unique_ptr<Link> stream;     // null where the bus has no stream
  StreamId newest;                  // what was the stream's last entry; 0-0 where it has none
  std::string address;              // as dialled, for the log
};

// Opens the connections of one session: resolves, connects, TLS, AUTH, SELECT, SUBSCRIBE, and where
// the endpoint is a Sentinel, asks it first. On the loop's thread.
class Dial : public std::enable_shared_from_this<Dial> {
 public:
  struct Result {
    std::optional<Links> links;
    // Where there are none:
    Loss loss = Loss::kConnect;
    std::string problem;
  };

  // What the dials of one bus know of each other.
  struct History {
    // getaddrinfo() cannot be interrupted. One that hangs is not joined by more: meanwhile every
    // dial that needs one fails at once.
    bool looking_up = false;
    // Dials so far: each begins with another address of the name, as the first may be one that
    // swallows everything.
    std::size_t dials = 0;
  };

  Dial(asio::io_context& io, Options options, Endpoint endpoint, std::shared_ptr<History> history);

  // `done` is called once, from the loop, unless cancel() comes first.
  void start(std::function<void(Result)> done);
  void cancel();

 private:
  using Step = asio::awaitable<bool>;  // false: problem_ says why not

  static asio::awaitable<void> run(std::shared_ptr<Dial> self);
  Step dial_all();
  Step ask_sentinel();
  Step ask_for_master(Link& link, Reply& reply);
  Step resolve(const Endpoint& endpoint);
  // A connection to one of the addresses; to the first that answers, and from then on to that one.
  Step open(std::unique_ptr<Link>& link, ReplyReader::Limits limits);
  Step log_in(Link& link);
  Step check_role(Link& link);
  Step subscribe(Link& link);
  // On a connection of its own, which an entry that is too large may cost.
  Step find_newest();
  // One command and its reply, which must not be an error.
  Step ask(Link& link, std::string question, Reply& reply);
  Step exchange(Link& link, std::string question, Reply& reply);
  bool read_password();
  bool read_tls();
  bool fail(std::string problem, Loss loss = Loss::kConnect);
  [[nodiscard]] ReplyReader::Limits limits(int item_depth = 0) const;

  asio::io_context& io_;
  // Copies: a lookup that hangs may outlive the bus.
  const Options options_;
  const Names names_;
  Endpoint endpoint_;
  const std::shared_ptr<History> history_;
  asio::ip::tcp::resolver resolver_;
  std::function<void(Result)> done_;
  std::vector<asio::ip::tcp::endpoint> addresses_;
  std::string password_;
  Links links_;
  std::unique_ptr<Link> short_;  // for one question, to a Sentinel or about the stream
  Loss loss_ = Loss::kConnect;
  std::string problem_;
  bool cancelled_ = false;
};

}  // namespace crier::services::bus::redis
