#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

namespace crier::services::ops {

// A server's connections in the order in which they came. Who comes makes those leave that are too
// old and, rather than take the last place, the oldest of the others. So a new one has a place and
// is the last of all to lose it, however slowly others speak or read. How many an address has does
// not matter: probes, Prometheus and everybody else behind a node may share one.
//
// One thread at a time.
class OpenConnections {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // REQUIRES: `places` is at least 2.
  OpenConnections(std::size_t places, std::chrono::milliseconds age) : places_(places), age_(age) {}

  // Returns those that have to be closed now, which are forgotten.
  [[nodiscard]] std::vector<int> add(int socket, Time now);
  // Of one that has ended; harmless where it is forgotten.
  void remove(int socket);

  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  struct Open {
    int socket;
    Time since;
  };

  const std::size_t places_;
  const std::chrono::milliseconds age_;
  std::deque<Open> open_;  // the oldest first
};

}  // namespace crier::services::ops
