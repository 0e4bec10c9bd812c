#include "tests/stress/mischief.hpp"

#include <system_error>
#include <utility>

#include "tests/stress/frames.hpp"

namespace crier::testing {

using namespace dataplane;  // NOLINT(google-build-using-namespace): the one thing under test

void Mischief::act() {
  ++acts_;
  const std::size_t what = roll(100);
  if (clients_.empty() || (what < 40 && clients_.size() < clients_max_)) {
    come();
  } else if (what < 65) {
    std::swap(clients_[roll(clients_.size())], clients_.back());
    std::unique_ptr<TcpClient> client = std::move(clients_.back());
    clients_.pop_back();
    leave(std::move(client));
  } else if (what < 85) {
    send_something(*clients_[roll(clients_.size())]);
  } else if (what < 90) {
    find_victims();
  } else if (what < 95) {
    disconnect_some();
  } else {
    broadcast_to_some();
  }
}

void Mischief::come() {
  const TcpClient::Options slow{static_cast<int>(4'096U << roll(4))};
  clients_.push_back(std::make_unique<TcpClient>(plane_.address(roll(plane_->listeners().size())),
                                                 roll(2) == 0 ? slow : TcpClient::Options{}));
}

void Mischief::leave(std::unique_ptr<TcpClient> client) {
  switch (roll(4)) {
    case 0:
      client->reset();
      return;
    case 1:
      client->close();
      return;
    case 2:
      client->finish();  // and stays, without reading
      clients_.push_back(std::move(client));
      return;
    default:
      client->finish();
      try {
        (void)client->read_available();
      } catch (const std::system_error&) {
        // It was closed already.
      }
  }
}

void Mischief::send_something(TcpClient& client) {
  try {
    switch (roll(4)) {
      case 0:
        (void)client.send_some(kNoise);
        break;
      case 1:
        (void)client.send_some("no");  // "noise", perhaps, one day
        (void)client.send_some("ise\n");
        break;
      case 2:
        (void)client.send_some(std::string(10'000, 'x'));  // too large to be a frame
        break;
      default:
        (void)client.read_available();
    }
  } catch (const std::system_error&) {
    // The other end closed or reset it: that happens to such clients.
  }
}

void Mischief::find_victims() {
  victims_.clear();
  for (const ClientInfo& client : plane_.list_all()) {
    if (!spared_.contains(client.remote_address)) victims_.push_back(client.id);
  }
}

std::vector<ClientId> Mischief::some_victims() {
  std::vector<ClientId> some;
  for (const ClientId& id : victims_) {
    if (roll(4) == 0) some.push_back(id);
  }
  return some;
}

void Mischief::disconnect_some() {
  DisconnectRequest request;
  request.only = some_victims();
  request.flush = roll(2) == 0;
  plane_->disconnect(std::move(request), [](const DisconnectResult&) {});
}

void Mischief::broadcast_to_some() {
  Broadcast broadcast;
  broadcast.payload = std::string(roll(8'000), 'y');
  broadcast.target.only = some_victims();
  broadcast.overflow = static_cast<OverflowPolicy>(roll(3));
  // Refused means overloaded, which is no fault.
  (void)plane_->broadcast(broadcast, nullptr);
}

}  // namespace crier::testing
