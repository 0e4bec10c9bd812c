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

bool AddressCounts::enter(const PeerAddress& address) {
  if (max_ == 0) return true;
  const std::lock_guard lock(mutex_);
  std::uint32_t& clients = clients_[key_of(address)];
  if (clients >= max_) return false;
  ++clients;
  return true;
}

void AddressCounts::leave(const PeerAddress& address) {
  if (max_ == 0) return;
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(key_of(address));
  if (found != clients_.end() && --found->second == 0) clients_.erase(found);
}

std::size_t AddressCounts::size() const {
  const std::lock_guard lock(mutex_);
  return clients_.size();
}

}  // namespace crier::dataplane
