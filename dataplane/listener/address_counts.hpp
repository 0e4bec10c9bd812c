#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dataplane/connection/peer_address.hpp"
#include "dataplane/listener/bounded_counts.hpp"

namespace crier::dataplane {

// How many clients of a listener come from each address: an IPv4 address, or the /64 that an IPv6
// address is in, since whoever has one of these has all of it. Any thread.
class AddressCounts {
 public:
  // 0: no bound; then nothing is counted.
  explicit AddressCounts(std::uint32_t max) : counts_(max) {}

  // Counts one more client; false, and it is not counted, where there are `max` already.
  [[nodiscard]] bool enter(const PeerAddress& address) { return counts_.enter(key_of(address)); }
  // REQUIRES: it has entered.
  void leave(const PeerAddress& address) { counts_.leave(key_of(address)); }

  [[nodiscard]] std::size_t size() const { return counts_.size(); }

 private:
  using Key = std::array<std::uint8_t, 16>;
  [[nodiscard]] static Key key_of(const PeerAddress& address);

  BoundedCounts<Key> counts_;
};

}  // namespace crier::dataplane
