#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "dataplane/broadcast.hpp"
#include "dataplane/client_info.hpp"

namespace crier::services::control {

// The data plane as the control API sees it: the seam behind which tests put a fake. Methods mean
// what those of dataplane::Dataplane mean. Callbacks come from another thread or later, never
// inside the call that passed them, and every one that was accepted is called exactly once.
class Clients {
 public:
  virtual ~Clients() = default;

  virtual dataplane::Submit broadcast(const dataplane::Broadcast& broadcast,
                                      dataplane::BroadcastDone done) = 0;
  virtual void when_ready(std::function<void()> ready) = 0;
  virtual void list(const dataplane::ListRequest& request,
                    std::function<void(dataplane::ListPage)> done) = 0;
  [[nodiscard]] virtual std::uint64_t count(
      std::optional<dataplane::ListenerIndex> listener) const = 0;
  virtual void get(const dataplane::ClientId& id,
                   std::function<void(std::optional<dataplane::ClientInfo>)> done) = 0;
  virtual void disconnect(dataplane::DisconnectRequest request,
                          std::function<void(dataplane::DisconnectResult)> done) = 0;
  [[nodiscard]] virtual std::uint64_t incarnation() const = 0;
};

}  // namespace crier::services::control
