#include "dataplane/dataplane.hpp"

#include <utility>

#include "dataplane/node/node.hpp"

namespace crier::dataplane {

Dataplane::Dataplane(Config config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Dataplane::~Dataplane() = default;

void Dataplane::on_closed(std::function<void(const ClosedClient&)> closed) {
  impl_->tell_closed(std::move(closed));
}

void Dataplane::on_rejected(const std::function<void(const RejectedClient&)>& rejected) {
  impl_->tell_rejected(rejected);
}

void Dataplane::use_authenticator(ListenerIndex listener,
                                  std::shared_ptr<Authenticator> authenticator) {
  impl_->use_authenticator(listener, std::move(authenticator));
}

void Dataplane::use_tls(ListenerIndex listener, TlsContextPtr context) {
  impl_->use_tls(listener, std::move(context));
}

void Dataplane::start() {
  impl_->start();
}
void Dataplane::stop() {
  impl_->stop();
}

std::vector<Dataplane::Listener> Dataplane::listeners() const {
  return impl_->listeners();
}

std::optional<ListenerIndex> Dataplane::find_listener(std::string_view name) const {
  return impl_->find_listener(name);
}

std::uint64_t Dataplane::incarnation() const {
  return impl_->incarnation();
}

Submit Dataplane::broadcast(const Broadcast& broadcast, BroadcastDone done) {
  return impl_->broadcast(broadcast, std::move(done));
}

void Dataplane::when_ready(std::function<void()> ready) {
  impl_->when_ready(std::move(ready));
}

void Dataplane::list(ListRequest request, std::function<void(ListPage)> done) {
  impl_->list(std::move(request), std::move(done));
}

std::uint64_t Dataplane::clients(std::optional<ListenerIndex> listener) const {
  return impl_->clients(listener);
}

void Dataplane::get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done) {
  impl_->get(id, std::move(done));
}

void Dataplane::disconnect(DisconnectRequest request, std::function<void(DisconnectResult)> done) {
  impl_->disconnect(std::move(request), std::move(done));
}

void Dataplane::stop_accepting(std::function<void()> done) {
  impl_->stop_accepting(std::move(done));
}

void Dataplane::drain(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
                      std::function<void()> empty) {
  impl_->drain(spread, flush, std::move(empty));
}

void Dataplane::close_all() {
  impl_->close_all();
}

Stats Dataplane::stats() const {
  return impl_->stats();
}

std::chrono::milliseconds Dataplane::oldest_tick() const {
  return impl_->oldest_tick();
}

}  // namespace crier::dataplane
