#pragma once

#include <sys/epoll.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>

#include "services/control/listen_address.hpp"
#include "services/control/rpc_stats.hpp"

namespace crier::services::control {

// Accepts the connections of the control API, on a thread of its own, and bounds how many there
// are: one more is closed at once and counted. gRPC's own listener takes any number, and never
// listens again after it has run out of descriptors; this one rests for a moment.
//
// Whoever takes a connection over owns its descriptor. That it has ended is seen through a second
// one, so each takes two.
class Connections final {
 public:
  using TakeOver = std::function<void(int fd)>;  // non-blocking; called on the thread

  // `stats` must outlive this.
  Connections(std::size_t connections_max, RpcStats& stats)
      : connections_max_(connections_max), stats_(stats) {}
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;
  ~Connections() { stop(); }

  // Listens on a numeric host:port or [v6]:port; connections wait until start(). Returns the
  // address as bound. Throws std::runtime_error with a sentence for people.
  ListenAddress listen(const std::string& address);
  // REQUIRES: listen() has returned.
  void start(TakeOver take_over);
  // Listens no more; connections go on. Idempotent.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void take(const epoll_event& event);
  void accept_some();
  // False: there are no descriptors left.
  [[nodiscard]] bool admit(int fd);
  void rest();
  void watch(int operation, int fd, std::uint32_t events) const;

  const std::size_t connections_max_;
  RpcStats& stats_;
  TakeOver take_over_;
  int listener_ = -1;
  int epoll_ = -1;
  int stop_ = -1;
  std::thread thread_;

  // The thread only.
  std::unordered_set<int> open_;                  // a second descriptor of each connection
  std::optional<Clock::time_point> rests_until_;  // not accepting before this
};

}  // namespace crier::services::control
