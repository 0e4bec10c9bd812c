#include "services/control/dataplane_clients.hpp"

#include <utility>

#include "dataplane/dataplane.hpp"

namespace crier::services::control {

dataplane::Submit DataplaneClients::broadcast(const dataplane::Broadcast& broadcast,
                                              dataplane::BroadcastDone done) {
  return dataplane_.broadcast(broadcast, std::move(done));
}

void DataplaneClients::when_ready(std::function<void()> ready) {
  dataplane_.when_ready(std::move(ready));
}

void DataplaneClients::list(const dataplane::ListRequest& request,
                            std::function<void(dataplane::ListPage)> done) {
  dataplane_.list(request, std::move(done));
}

std::uint64_t DataplaneClients::count(std::optional<dataplane::ListenerIndex> listener) const {
  return dataplane_.clients(listener);
}

void DataplaneClients::get(const dataplane::ClientId& id,
                           std::function<void(std::optional<dataplane::ClientInfo>)> done) {
  dataplane_.get(id, std::move(done));
}

void DataplaneClients::disconnect(dataplane::DisconnectRequest request,
                                  std::function<void(dataplane::DisconnectResult)> done) {
  dataplane_.disconnect(std::move(request), std::move(done));
}

std::uint64_t DataplaneClients::incarnation() const {
  return dataplane_.incarnation();
}

}  // namespace crier::services::control
