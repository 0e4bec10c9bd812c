#include "services/ops/open_connections.hpp"

#include <algorithm>

namespace crier::services::ops {

std::vector<int> OpenConnections::add(int socket, Time now) {
  remove(socket);
  open_.push_back({socket, now});
  std::vector<int> leaving;
  while (open_.size() >= places_ || now - open_.front().since > age_) {
    leaving.push_back(open_.front().socket);
    open_.pop_front();
  }
  return leaving;
}

void OpenConnections::remove(int socket) {
  const auto found = std::find_if(open_.begin(), open_.end(),
                                  [socket](const Open& open) { return open.socket == socket; });
  if (found != open_.end()) open_.erase(found);
}

}  // namespace crier::services::ops
