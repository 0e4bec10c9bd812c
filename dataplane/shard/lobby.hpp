#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "dataplane/connection/deadlines.hpp"
#include "dataplane/handshake/handshake.hpp"
#include "dataplane/shard/poller.hpp"

namespace crier::dataplane {

// Where sockets of a shard wait during their handshake. They are no clients yet: no broadcast and
// no list knows them. Bounded by ListenerContext::handshaking_max, and each by one deadline for all
// its steps. Shard thread only.
class Lobby {
 public:
  struct Callbacks {
    // Its handshake is done. The socket may have more to read.
    std::function<void(ListenerContext&, Arrival)> come_in;
    // One has been turned away; the listener has counted and told it.
    std::function<void()> gone;
  };
  Lobby(Poller& poller, Sockets& sockets, QueueMemory& memory, Callbacks callbacks)
      : poller_(poller), sockets_(sockets), memory_(memory), callbacks_(std::move(callbacks)) {}
  Lobby(const Lobby&) = delete;
  Lobby& operator=(const Lobby&) = delete;

  // Whether an event with this token is for on_event().
  [[nodiscard]] static bool owns(std::uint64_t token) { return (token & kMark) != 0; }

  // Takes the socket in, or passes it on where all that it needs is there already.
  // REQUIRES: counted in the listener's connections and handshaking.
  void add(ListenerContext& listener, AcceptedSocket socket, Time now);
  void on_event(const Poller::Event& event, Time now);

  // Nothing expires before this.
  [[nodiscard]] Time soonest() const { return soonest_; }
  void expire(Time now);
  // Turns everybody away (kStopping).
  void clear();

 private:
  // Tokens of connections begin with a slot and never have this bit.
  static constexpr std::uint64_t kMark = std::uint64_t{1} << 63U;

  struct Guest {
    Guest(ListenerContext& listener, AcceptedSocket socket, Sockets& sockets, QueueMemory& memory,
          Time deadline_in)
        : handshake(listener, std::move(socket), sockets, memory), deadline(deadline_in) {}

    Handshake handshake;
    const Time deadline;
  };

  // True where the guest has left, for better or worse, and has to be erased.
  bool advance(Handshake& guest, bool finished, Time now);
  void turn_away(Handshake& guest, RejectReason reason);

  Poller& poller_;
  Sockets& sockets_;
  QueueMemory& memory_;
  const Callbacks callbacks_;
  std::map<std::uint64_t, Guest> guests_;  // by token, in the order in which they came
  std::uint64_t next_ = kMark;
  Time soonest_ = kNever;
};

}  // namespace crier::dataplane
