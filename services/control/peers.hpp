#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/bus.pb.h"
#include "crier/v1/control.pb.h"
#include "dataplane/client_id.hpp"

namespace crier::services::control {

// How long other nodes are waited for unless a call says otherwise, and at most.
inline constexpr std::chrono::milliseconds kWaitDefault{1'000};
inline constexpr std::chrono::milliseconds kWaitMax{30'000};

// Another node.
struct Peer {
  std::uint64_t epoch = 0;  // its incarnation, which its clients' ids carry
  std::string node_id;
  bool reachable = false;
};

// The clients of one other node that a broadcast names.
struct PeerPart {
  std::uint64_t epoch = 0;
  std::vector<dataplane::ClientId> only;
};

// What a broadcast means for the other nodes.
struct PeerBroadcast {
  v1::BroadcastRequest request;                // scope LOCAL; without `only` where there are parts
  std::optional<std::vector<PeerPart>> parts;  // absent: for the clients of every node
  std::optional<std::chrono::milliseconds> wait;  // for the counts of the nodes; absent: do not
};

// What became of it.
struct PeerReport {
  v1::Published published = v1::PUBLISHED_UNSPECIFIED;
  struct Answer {
    v1::NodeCounts counts;
    std::vector<std::string> unknown_client_ids;
  };
  std::vector<Answer> answers;
  std::vector<std::string> unreachable;  // node_ids
};

// The other nodes as the control API sees them: the seam behind which a lone node has none and
// tests put a fake. Any thread. Callbacks come from another thread or later, never inside the call
// that passed them, and each is called exactly once; they must not block.
class Peers {
 public:
  virtual ~Peers() = default;

  // Whether there is a bus at all. Constant.
  [[nodiscard]] virtual bool joined() const = 0;

  // The other nodes known, in the order of their epochs.
  [[nodiscard]] virtual std::vector<Peer> others() const = 0;
  // Of any node, also one that has left, as far as remembered.
  [[nodiscard]] virtual std::string node_id(std::uint64_t epoch) const = 0;
  [[nodiscard]] virtual std::string own_node_id() const = 0;
  // Every node, this one first.
  [[nodiscard]] virtual std::vector<v1::Node> nodes() const = 0;

  // Publishes, in the order of calls. `done` comes within the bus's confirmation wait, or the
  // broadcast's own where that is longer.
  virtual void publish(PeerBroadcast broadcast, std::function<void(PeerReport)> done) = 0;

  // Asks one node; `done` gets nothing where no answer came within `timeout`.
  using Replied = std::function<void(std::optional<v1::BusReply>)>;
  virtual void ask(std::uint64_t epoch, v1::BusRequest request, std::chrono::milliseconds timeout,
                   Replied done) = 0;
};

// A node without a bus.
class NoPeers final : public Peers {
 public:
  explicit NoPeers(std::function<v1::Node()> self) : self_(std::move(self)) {}

  [[nodiscard]] bool joined() const override { return false; }
  [[nodiscard]] std::vector<Peer> others() const override { return {}; }
  [[nodiscard]] std::string node_id(std::uint64_t /*epoch*/) const override { return {}; }
  [[nodiscard]] std::string own_node_id() const override { return self_().node_id(); }
  [[nodiscard]] std::vector<v1::Node> nodes() const override { return {self_()}; }
  // REQUIRES: never called; nobody is there.
  void publish(PeerBroadcast /*broadcast*/, std::function<void(PeerReport)> /*done*/) override {}
  void ask(std::uint64_t /*epoch*/, v1::BusRequest /*request*/,
           std::chrono::milliseconds /*timeout*/, Replied /*done*/) override {}

 private:
  const std::function<v1::Node()> self_;
};

}  // namespace crier::services::control
