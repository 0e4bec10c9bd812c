#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "dataplane/connection/deadlines.hpp"
#include "dataplane/connection/listener_context.hpp"
#include "dataplane/listener/acceptor.hpp"
#include "dataplane/shard/poller.hpp"

namespace crier::dataplane {

// Where sockets of a shard wait for their PROXY header. They are no clients yet: nothing is sent to
// them, and no broadcast and no list knows them. Headers are looked at where they lie in the kernel
// and only taken out when complete, so whatever follows is still there for the client to send.
// Bounded by ListenerContext::handshaking_max. Shard thread only.
class Lobby {
 public:
  struct Callbacks {
    // Has its header, and the address that it names. The socket may have more to read.
    std::function<void(ListenerContext&, AcceptedSocket)> come_in;
    // One has been turned away; the listener has counted and told it.
    std::function<void()> gone;
  };
  Lobby(Poller& poller, Callbacks callbacks) : poller_(poller), callbacks_(std::move(callbacks)) {}
  Lobby(const Lobby&) = delete;
  Lobby& operator=(const Lobby&) = delete;

  // Whether an event with this token is for on_event().
  [[nodiscard]] static bool owns(std::uint64_t token) { return (token & kMark) != 0; }

  // Takes the socket in, or passes it on where its header is there already.
  // REQUIRES: counted in the listener's connections and handshaking.
  void add(ListenerContext& listener, AcceptedSocket socket, Time now);
  void on_event(const Poller::Event& event);

  // Nothing expires before this.
  [[nodiscard]] Time soonest() const { return soonest_; }
  void expire(Time now);
  // Turns everybody away (kStopping).
  void clear();

 private:
  // Tokens of connections begin with a slot and never have this bit.
  static constexpr std::uint64_t kMark = std::uint64_t{1} << 63U;

  struct Guest {
    ListenerContext* listener = nullptr;
    AcceptedSocket socket;
    Time deadline = kNever;
  };

  // True where the guest has left, for better or worse.
  bool look(Guest& guest, bool finished);
  void turn_away(Guest& guest, RejectReason reason);

  Poller& poller_;
  const Callbacks callbacks_;
  std::map<std::uint64_t, Guest> guests_;  // by token, in the order in which they came
  std::uint64_t next_ = kMark;
  Time soonest_ = kNever;
};

}  // namespace crier::dataplane
