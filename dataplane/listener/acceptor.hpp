#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/connection/listener_context.hpp"
#include "dataplane/connection/peer_address.hpp"
#include "dataplane/limits/token_bucket.hpp"
#include "dataplane/listener/file_descriptor.hpp"

namespace crier::dataplane {

struct AcceptedSocket {
  FileDescriptor fd;
  PeerAddress peer;
};

// accept(2) failures of a whole node. Any thread (atomic).
struct AcceptStats {
  std::array<std::atomic<std::uint64_t>, kAcceptErrors> errors{};
  std::atomic<std::uint64_t> paused_ms{0};
  std::atomic<std::uint64_t> rate_limited_ms{0};
};

// Accepts for one listener, in batches, and hands the sockets on. Where the process is out of file
// descriptors it turns one waiting client away, then pauses for 10 ms, doubling to 1 s: a listening
// socket that stays readable must never make a loop spin. Above the listener's accept_rate clients
// wait in the kernel's backlog. Thread of its io_context only.
class Acceptor {
 public:
  // Why the node has no room for one more client, which is counted otherwise. The acceptor turns
  // it away then.
  using Obstacle = std::function<std::optional<RejectReason>()>;
  using Deliver = std::function<void(std::vector<AcceptedSocket>)>;

  // Binds and listens; throws std::runtime_error with a sentence where it cannot.
  Acceptor(asio::io_context& context, ListenerContext& listener, AcceptStats& stats,
           Obstacle obstacle, Deliver deliver);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Constant after construction; any thread.
  [[nodiscard]] const std::string& address() const { return address_; }

  void start() { wait(); }
  // Takes what is in the backlog, then closes: closing a socket with a backlog resets the clients
  // in it.
  void stop();

 private:
  static constexpr std::size_t kBatchMax = 64;
  static constexpr int kBacklogBatchesMax = 1024;  // no backlog is longer
  static constexpr std::chrono::milliseconds kPauseMin{10};
  static constexpr std::chrono::milliseconds kPauseMax{1'000};

  enum class Outcome : std::uint8_t { kBatchFull, kEmpty, kOutOfFiles, kTooFast };

  void wait();
  void accept_ready();
  Outcome accept_batch();
  [[nodiscard]] bool too_fast() const;
  [[nodiscard]] bool admit_one(const PeerAddress& peer);
  [[nodiscard]] std::optional<RejectReason> obstacle();
  [[nodiscard]] Outcome on_error(int error);
  void turn_one_away();
  void pause();
  void pause_for_rate();
  void pause_for(std::chrono::nanoseconds pause, std::atomic<std::uint64_t>& counted_ms);

  ListenerContext& listener_;
  AcceptStats& stats_;
  Obstacle node_obstacle_;
  Deliver deliver_;
  asio::posix::stream_descriptor socket_;
  asio::steady_timer pause_timer_;
  std::optional<TokenBucket> rate_;  // absent: no bound
  bool stopping_ = false;
  FileDescriptor spare_;  // given up for a moment when the process is out of descriptors
  std::chrono::milliseconds next_pause_ = kPauseMin;
  std::string address_;
};

}  // namespace crier::dataplane
