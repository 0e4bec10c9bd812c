#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

#include "dataplane/connection/peer_address.hpp"

namespace crier::dataplane {

// How many clients of a listener come from each address: an IPv4 address, or the /64 that an IPv6
// address is in, since whoever has one of these has all of it. Holds only addresses that have
// clients, so it is bounded by their number. Any thread.
class AddressCounts {
 public:
  // 0: no bound; then nothing is counted.
  explicit AddressCounts(std::uint32_t max) : max_(max) {}

  // Counts one more client; false, and it is not counted, where there are `max` already.
  [[nodiscard]] bool enter(const PeerAddress& address);
  // REQUIRES: it has entered.
  void leave(const PeerAddress& address);

  [[nodiscard]] std::size_t size() const;

 private:
  using Key = std::array<std::uint8_t, 16>;
  [[nodiscard]] static Key key_of(const PeerAddress& address);

  const std::uint32_t max_;
  mutable std::mutex mutex_;
  // Ordered: clients choose their addresses, so they could choose those that a hash is slow with.
  std::map<Key, std::uint32_t> clients_;  // mutex_
};

}  // namespace crier::dataplane
