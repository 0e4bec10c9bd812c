#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/support/running_dataplane.hpp"

namespace crier::testing {

// Clients that do everything a client should not, and callers that close them meanwhile; which
// and when follows from the seed. One thread.
class Mischief {
 public:
  // `spared` are the addresses of clients that are left alone.
  Mischief(RunningDataplane& plane, std::uint64_t seed, std::size_t clients_max,
           const std::set<std::string>& spared)
      : plane_(plane), random_(seed), clients_max_(clients_max), spared_(spared) {}

  // One act.
  void act();
  [[nodiscard]] std::uint64_t acts() const { return acts_; }

 private:
  void come();
  void leave(std::unique_ptr<TcpClient> client);
  void send_something(TcpClient& client);
  void find_victims();
  void disconnect_some();
  void broadcast_to_some();

  [[nodiscard]] std::size_t roll(std::size_t sides) {
    return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random_);
  }
  [[nodiscard]] std::vector<dataplane::ClientId> some_victims();

  RunningDataplane& plane_;
  std::mt19937_64 random_;
  std::size_t clients_max_;
  const std::set<std::string>& spared_;
  std::uint64_t acts_ = 0;
  std::vector<std::unique_ptr<TcpClient>> clients_;
  std::vector<dataplane::ClientId> victims_;  // some of them gone since
};

}  // namespace crier::testing
