#pragma once

#include <prometheus/collectable.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "services/bus/bus.hpp"

namespace crier::services::ops {

// Why a message from the bus was ignored.
enum class Ignored : std::uint8_t {
  kTooLarge,
  kMalformed,
  kVersion,
  kChecksum,
  kKind,           // of a kind that this node does not know
  kDuplicate,      // a broadcast that had come already
  kOtherReceiver,  // for another node
  kUnknownSender,  // of a node that did not introduce itself
};
inline constexpr std::array<std::string_view, 8> kIgnoredLabels{
    "too_large", "malformed", "version",        "checksum",
    "kind",      "duplicate", "other_receiver", "unknown_sender"};
inline constexpr std::size_t kIgnored = kIgnoredLabels.size();

// What became of a request to another node.
enum class RequestResult : std::uint8_t {
  kAnswered,
  kRefused,   // by the other node, or because it could not be sent
  kTimedOut,  // no answer came in time
};
inline constexpr std::array<std::string_view, 3> kRequestResultLabels{"answered", "refused",
                                                                      "timed_out"};
inline constexpr std::size_t kRequestResults = kRequestResultLabels.size();

// What a node counts about the others. A value.
struct ClusterNumbers {
  std::uint64_t reachable = 0;     // gauge; other nodes, this one not counted
  std::uint64_t unreachable = 0;   // gauge
  std::uint64_t gap_messages = 0;  // broadcasts of other nodes that never came
  std::uint64_t broadcasts = 0;    // of other nodes, given to this node's clients
  std::array<std::uint64_t, kIgnored> ignored{};
  std::array<std::uint64_t, kRequestResults> requests{};  // a gathering counts one for each node
};

// The bus and the other nodes as metrics; only for a node that has a bus. The number of series does
// not depend on the number of nodes.
class BusMetrics final : public prometheus::Collectable {
 public:
  struct Sources {
    std::function<bus::Stats()> bus;
    std::function<ClusterNumbers()> cluster;
  };

  // The sources are called once per scrape, on the scraping thread.
  explicit BusMetrics(Sources sources);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Sources sources_;
};

}  // namespace crier::services::ops
