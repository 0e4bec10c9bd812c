#include "dataplane/listener/address_counts.hpp"

#include <algorithm>

namespace crier::dataplane {
namespace {

constexpr std::size_t kNetworkBytes = 8;  // of an IPv6 address

}  // namespace

AddressCounts::Key AddressCounts::key_of(const PeerAddress& address) {
  Key key = address.ip();
  if (!address.is_ipv4()) std::fill(key.begin() + kNetworkBytes, key.end(), 0);
  return key;
}

}  // namespace crier::dataplane
