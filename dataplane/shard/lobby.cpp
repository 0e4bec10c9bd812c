#include "dataplane/shard/lobby.hpp"

#include <algorithm>
#include <utility>

namespace crier::dataplane {

void Lobby::add(ListenerContext& listener, AcceptedSocket socket, Time now) {
  const Time deadline = now + listener.config.handshake_timeout;
  const auto guest =
      guests_.try_emplace(next_++, listener, std::move(socket), sockets_, memory_, deadline).first;
  Handshake& handshake = guest->second.handshake;
  // Proxies send their header at once, so usually it is here.
  if (advance(handshake, false, now)) {
    guests_.erase(guest);
  } else if (poller_.add(handshake.fd(), guest->first)) {
    soonest_ = std::min(soonest_, deadline);
  } else {
    turn_away(handshake, handshake.reason());
    guests_.erase(guest);
  }
}

void Lobby::on_event(const Poller::Event& event, Time now) {
  const auto found = guests_.find(event.token);
  if (found == guests_.end()) return;
  if (advance(found->second.handshake, event.finished, now)) guests_.erase(found);
}

bool Lobby::advance(Handshake& guest, bool finished, Time now) {
  switch (guest.advance(finished, now)) {
    case Handshake::State::kWaiting:
      return false;
    case Handshake::State::kRejected:
      turn_away(guest, guest.reason());
      return true;
    case Handshake::State::kDone:
      break;
  }
  guest.listener().handshaking.fetch_sub(1, std::memory_order_relaxed);
  callbacks_.come_in(guest.listener(), guest.take());
  return true;
}

void Lobby::turn_away(Handshake& guest, RejectReason reason) {
  ListenerContext& listener = guest.listener();
  guest.leave_address();
  listener.connections.fetch_sub(1, std::memory_order_relaxed);
  listener.handshaking.fetch_sub(1, std::memory_order_relaxed);
  listener.reject(guest.peer(), reason, guest.detail());
  callbacks_.gone();
}

void Lobby::expire(Time now) {
  if (soonest_ > now) return;
  soonest_ = kNever;
  for (auto guest = guests_.begin(); guest != guests_.end();) {
    if (guest->second.deadline <= now) {
      turn_away(guest->second.handshake, guest->second.handshake.reason());
      guest = guests_.erase(guest);
    } else {
      soonest_ = std::min(soonest_, guest->second.deadline);
      ++guest;
    }
  }
}

void Lobby::clear() {
  for (auto& [token, guest] : guests_) turn_away(guest.handshake, RejectReason::kStopping);
  guests_.clear();
  soonest_ = kNever;
}

}  // namespace crier::dataplane
