#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "services/bus/bus.hpp"
#include "services/cluster/pending.hpp"
#include "services/control/peers.hpp"

namespace crier::services::cluster {

// One broadcast on its way to the other nodes: gathers what the bus says of its messages and, where
// that is wanted, what the nodes report, and then tells whoever published it. All methods but the
// constructor on the loop's thread.
class Publication final {
 public:
  using Name = std::function<std::string(std::uint64_t epoch)>;
  using Done = std::function<void(control::PeerReport)>;

  // Parts to come in: one for each message, and one for the reports where they are awaited.
  // `unreachable`: nodes that are not even asked.
  struct Parts {
    std::size_t messages = 0;
    bool reports = false;
    std::vector<std::uint64_t> unreachable;
  };
  Publication(Parts parts, Name name, Done done);

  // What became of one message, and which nodes it therefore cannot reach.
  void message_done(bus::Outcome outcome, const std::vector<std::uint64_t>& missed);
  // What the nodes reported, and which did not.
  void reports_done(Pending::Replies replies);
  // There is neither a message nor a report to come.
  void nothing_to_do() { end(); }

 private:
  void one_done();
  void end();

  std::size_t left_;
  control::PeerReport report_;
  std::vector<std::uint64_t> unreachable_;
  const Name name_;
  const Done done_;
};

}  // namespace crier::services::cluster
