#pragma once

#include "services/control/clients.hpp"

namespace crier::dataplane {
class Dataplane;
}

namespace crier::services::control {

// Clients of the real data plane, which must outlive this.
class DataplaneClients final : public Clients {
 public:
  explicit DataplaneClients(dataplane::Dataplane& dataplane) : dataplane_(dataplane) {}

  dataplane::Submit broadcast(const dataplane::Broadcast& broadcast,
                              dataplane::BroadcastDone done) override;
  void when_ready(std::function<void()> ready) override;
  void list(const dataplane::ListRequest& request,
            std::function<void(dataplane::ListPage)> done) override;
  [[nodiscard]] std::uint64_t count(
      std::optional<dataplane::ListenerIndex> listener) const override;
  void get(const dataplane::ClientId& id,
           std::function<void(std::optional<dataplane::ClientInfo>)> done) override;
  void disconnect(dataplane::DisconnectRequest request,
                  std::function<void(dataplane::DisconnectResult)> done) override;
  [[nodiscard]] std::uint64_t incarnation() const override;

 private:
  dataplane::Dataplane& dataplane_;
};

}  // namespace crier::services::control
