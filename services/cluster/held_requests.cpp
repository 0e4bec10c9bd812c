#include "services/cluster/held_requests.hpp"

#include <utility>

namespace crier::services::cluster {

bool HeldRequests::hold(HeldRequest& request, Clock::time_point now) {
  if (held_.size() >= kRequestsMax) return false;
  held_.push_back({std::move(request), now + kHold});
  return true;
}

std::vector<HeldRequest> HeldRequests::release(const std::function<bool(const HeldRequest&)>& ready,
                                               Clock::time_point now) {
  std::vector<HeldRequest> released;
  std::deque<Held> kept;
  for (Held& held : held_) {
    if (held.until <= now || ready(held.request)) {
      released.push_back(std::move(held.request));
    } else {
      kept.push_back(std::move(held));
    }
  }
  held_ = std::move(kept);
  return released;
}

}  // namespace crier::services::cluster
