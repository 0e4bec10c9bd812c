#include "services/control/scope.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace crier::services::control {

using std::chrono::milliseconds;

Result<Scope> parse_scope(v1::Scope scope) {
  switch (scope) {
    case v1::SCOPE_UNSPECIFIED:
    case v1::SCOPE_CLUSTER:
      return {{}, Scope::kCluster};
    case v1::SCOPE_LOCAL:
      return {{}, Scope::kLocal};
    default:
      return {invalid_field("scope", "INVALID_SCOPE", "is not a known scope"), {}};
  }
}

Result<milliseconds> parse_wait(const google::protobuf::Duration* wait) {
  if (wait == nullptr) return {{}, kWaitDefault};
  constexpr std::int64_t kNanosPerMillisecond = 1'000'000;
  const std::int64_t seconds_max = kWaitMax / std::chrono::seconds(1);
  if (wait->seconds() >= 0 && wait->seconds() <= seconds_max) {
    const milliseconds time =
        std::chrono::seconds(wait->seconds()) + milliseconds(wait->nanos() / kNanosPerMillisecond);
    if (time >= milliseconds(1) && time <= kWaitMax) return {{}, time};
  }
  return {invalid_field("wait_timeout", "INVALID_WAIT_TIMEOUT", "must be 1 ms to 30 s"), {}};
}

// Ids sort by their incarnation first, so a node's ids are neighbours.
std::vector<PeerPart> split_by_node(std::vector<dataplane::ClientId>& ids, std::uint64_t own_epoch,
                                    const std::vector<Peer>& others) {
  std::vector<PeerPart> parts;
  std::vector<dataplane::ClientId> rest;
  for (auto from = ids.begin(); from != ids.end();) {
    const std::uint64_t epoch = from->incarnation;
    const auto to =
        std::find_if(from, ids.end(), [epoch](const auto& id) { return id.incarnation != epoch; });
    const bool theirs = epoch != own_epoch &&
                        std::any_of(others.begin(), others.end(),
                                    [epoch](const Peer& peer) { return peer.epoch == epoch; });
    std::vector<dataplane::ClientId>& target =
        theirs ? parts.emplace_back(PeerPart{epoch, {}}).only : rest;
    target.insert(target.end(), from, to);
    from = to;
  }
  ids = std::move(rest);
  return parts;
}

}  // namespace crier::services::control
