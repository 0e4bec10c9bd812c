#include "services/cluster/members.hpp"

#include <algorithm>

#include "services/control/node_id.hpp"

namespace crier::services::cluster {
namespace {

constexpr std::size_t kNameCharsMax = 64;

// Foreign text, which callers will read in answers and logs.
std::string clean(const std::string& name) {
  std::string text = name.substr(0, kNameCharsMax);
  for (char& c : text) {
    if (c <= ' ' || c > '~') c = '?';
  }
  return text.empty() ? "?" : text;
}

}  // namespace

Members::Beat Members::heartbeat(std::uint64_t epoch, const std::string& name,
                                 v1::BusHeartbeat beat, Clock::time_point now) {
  const auto found = members_.find(epoch);
  if (found == members_.end() && members_.size() >= kNodesMax) return Beat::kTooMany;
  Member& member = members_[epoch];
  const bool fresh = found == members_.end();
  if (fresh) {
    member.name = clean(name);
    member.node_id = control::make_node_id(member.name, epoch);
  }
  member.last = std::move(beat);
  member.heard_at = now;
  return fresh ? Beat::kNew : Beat::kKnown;
}

void Members::heard(std::uint64_t epoch, Clock::time_point now) {
  const auto found = members_.find(epoch);
  if (found != members_.end()) found->second.heard_at = now;
}

void Members::left(std::uint64_t epoch) {
  const auto found = members_.find(epoch);
  if (found == members_.end()) return;
  remember(epoch, std::move(found->second.node_id));
  members_.erase(found);
}

std::vector<std::uint64_t> Members::forget_silent(Clock::time_point now) {
  std::vector<std::uint64_t> forgotten;
  for (const auto& [epoch, member] : members_) {
    if (now - member.heard_at > kForgetNode) forgotten.push_back(epoch);
  }
  for (const std::uint64_t epoch : forgotten) left(epoch);
  return forgotten;
}

std::string Members::node_id(std::uint64_t epoch) const {
  const auto member = members_.find(epoch);
  if (member != members_.end()) return member->second.node_id;
  const auto gone = std::find_if(left_.begin(), left_.end(),
                                 [epoch](const auto& each) { return each.first == epoch; });
  return gone != left_.end() ? gone->second : control::make_node_id("?", epoch);
}

void Members::remember(std::uint64_t epoch, std::string node_id) {
  left_.emplace_back(epoch, std::move(node_id));
  if (left_.size() > kLeftMax) left_.pop_front();
}

}  // namespace crier::services::cluster
