#include "services/control/cluster_disconnect.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/control/client_ids.hpp"
#include "services/control/scope.hpp"

namespace crier::services::control {
namespace {

// What every part has in common: all but whom it names.
v1::DisconnectRequest common_part(const v1::DisconnectRequest& request) {
  v1::DisconnectRequest part = request;
  part.set_scope(v1::SCOPE_LOCAL);
  part.clear_wait_timeout();
  part.clear_only();
  return part;
}

void set_only(const std::vector<dataplane::ClientId>& ids, v1::DisconnectRequest& part) {
  v1::ClientIds& only = *part.mutable_only();
  only.clear_client_ids();
  for (const auto& id : ids) only.add_client_ids(dataplane::to_string(id));
}

}  // namespace

void ClusterDisconnect::start(Control& control, Peers& peers, const v1::DisconnectRequest& request,
                              v1::DisconnectResponse& response, std::chrono::milliseconds wait,
                              Control::Done done) {
  const auto call = std::make_shared<ClusterDisconnect>(control, peers, response, std::move(done));
  const std::vector<Peer> others = peers.others();
  v1::DisconnectRequest part = common_part(request);
  if (!request.has_only()) {
    call->ask_local(part);
    for (const Peer& peer : others) call->ask_peer(peer, part, wait);
  } else {
    ClientIdSet only = parse_client_ids(request.only());
    const auto parts = split_by_node(only.ids, control.own_epoch(), others);
    set_only(only.ids, part);
    for (std::string& text : only.malformed) part.mutable_only()->add_client_ids(std::move(text));
    call->ask_local(part);
    for (const PeerPart& each : parts) {
      set_only(each.only, part);
      call->ask_peer(*std::find_if(others.begin(), others.end(),
                                   [&](const Peer& peer) { return peer.epoch == each.epoch; }),
                     part, wait);
    }
  }
  call->one_done();
}

ClusterDisconnect::ClusterDisconnect(Control& control, Peers& peers,
                                     v1::DisconnectResponse& response, Control::Done done)
    : control_(control), peers_(peers), response_(response), done_(std::move(done)) {}

void ClusterDisconnect::ask_local(v1::DisconnectRequest request) {
  own_request_ = std::move(request);
  left_.fetch_add(1, std::memory_order_relaxed);
  control_.disconnect(own_request_, own_part_, [self = shared_from_this()](const Status& status) {
    if (status.ok()) {
      self->add(self->own_part_);
    } else {
      const std::lock_guard lock(self->mutex_);
      self->local_status_ = status;
    }
    self->one_done();
  });
}

void ClusterDisconnect::ask_peer(const Peer& peer, const v1::DisconnectRequest& request,
                                 std::chrono::milliseconds wait) {
  if (!peer.reachable) {
    note_unreachable(peer.epoch);
    return;
  }
  v1::BusRequest ask;
  *ask.mutable_disconnect() = request;
  left_.fetch_add(1, std::memory_order_relaxed);
  peers_.ask(peer.epoch, std::move(ask), wait,
             [self = shared_from_this(), epoch = peer.epoch](std::optional<v1::BusReply> reply) {
               if (reply && reply->has_disconnect()) {
                 self->add(reply->disconnect());
               } else {
                 self->note_unreachable(epoch);
               }
               self->one_done();
             });
}

void ClusterDisconnect::add(const v1::DisconnectResponse& part) {
  const std::lock_guard lock(mutex_);
  response_.set_matched(response_.matched() + part.matched());
  response_.set_disconnected(response_.disconnected() + part.disconnected());
  response_.mutable_unknown_client_ids()->MergeFrom(part.unknown_client_ids());
}

void ClusterDisconnect::note_unreachable(std::uint64_t epoch) {
  const std::lock_guard lock(mutex_);
  unreachable_.push_back(epoch);
}

void ClusterDisconnect::one_done() {
  if (left_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  if (!local_status_.ok()) {
    done_(local_status_);
    return;
  }
  std::sort(unreachable_.begin(), unreachable_.end());
  for (const std::uint64_t epoch : unreachable_) response_.add_unreachable(peers_.node_id(epoch));
  done_({});
}

}  // namespace crier::services::control
