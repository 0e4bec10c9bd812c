// ListClients and GetClient.
#include <algorithm>
#include <utility>

#include "services/control/cluster_listing.hpp"
#include "services/control/control.hpp"
#include "services/control/convert.hpp"
#include "services/control/page_size.hpp"
#include "services/control/page_token.hpp"

namespace crier::services::control {

void Control::list_clients(const v1::ListClientsRequest& request, v1::ListClientsResponse& response,
                           Done done) {
  if (request.page_size() < 0) {
    done(invalid_field("page_size", "INVALID_PAGE_SIZE", "must not be negative"));
    return;
  }
  const auto scope = parse_scope(request.scope());
  if (!scope.status.ok()) {
    done(scope.status);
    return;
  }
  const auto listener = listeners_.find(request.listener());
  if (!listener.status.ok()) {
    done(listener.status);
    return;
  }
  if (spans_nodes(scope.value)) {
    ClusterListing::start(*this, peers_, request, response, std::move(done));
  } else {
    list_own_clients(request, listener.value, response, std::move(done));
  }
}

void Control::list_own_clients(const v1::ListClientsRequest& request,
                               std::optional<dataplane::ListenerIndex> listener,
                               v1::ListClientsResponse& response, Done done) {
  dataplane::ListRequest list;
  list.page_size = static_cast<std::uint32_t>(effective_page_size(request.page_size()));
  list.listener = listener;
  if (!request.page_token().empty()) {
    const PageContext context{own_epoch(), request.listener()};
    const auto position = parse_page_token(context, request.page_token());
    if (!position) {
      done(bad_page_token());
      return;
    }
    list.from = *position;
  }
  clients_.list(list, [this, &request, &response, listener,
                       done = std::move(done)](const dataplane::ListPage& page) {
    response.mutable_clients()->Reserve(static_cast<int>(page.clients.size()));
    for (const auto& info : page.clients) to_proto(info, listeners_, *response.add_clients());
    if (page.next) {
      const PageContext context{own_epoch(), request.listener()};
      response.set_next_page_token(make_page_token(context, *page.next));
    }
    response.set_total_size(static_cast<std::int64_t>(clients_.count(listener)));
    done({});
  });
}

void Control::get_client(const v1::GetClientRequest& request, v1::Client& response, Done done) {
  const auto scope = parse_scope(request.scope());
  if (!scope.status.ok()) {
    done(scope.status);
    return;
  }
  const auto id = dataplane::parse_client_id(request.client_id());
  if (!id) {
    done(unknown_client(request.client_id()));
    return;
  }
  if (id->incarnation == own_epoch() || !spans_nodes(scope.value)) {
    get_own_client(*id, response, std::move(done));
    return;
  }
  const auto others = peers_.others();
  const auto owner = std::find_if(others.begin(), others.end(),
                                  [&](const Peer& peer) { return peer.epoch == id->incarnation; });
  if (owner == others.end()) {
    done(unknown_client(request.client_id()));
    return;
  }
  if (!owner->reachable) {
    done(node_unreachable(owner->node_id));
    return;
  }
  v1::BusRequest ask;
  *ask.mutable_get_client() = request;
  ask.mutable_get_client()->set_scope(v1::SCOPE_LOCAL);
  peers_.ask(owner->epoch, std::move(ask), kWaitDefault,
             [&request, &response, node_id = owner->node_id,
              done = std::move(done)](std::optional<v1::BusReply> reply) {
               if (reply && reply->has_get_client()) {
                 response = std::move(*reply->mutable_get_client());
                 done({});
               } else if (reply && reply->code() == static_cast<int>(Code::kNotFound)) {
                 done(unknown_client(request.client_id()));
               } else {
                 done(node_unreachable(node_id));
               }
             });
}

void Control::get_own_client(const dataplane::ClientId& id, v1::Client& response, Done done) {
  clients_.get(id, [this, id, &response,
                    done = std::move(done)](const std::optional<dataplane::ClientInfo>& info) {
    if (!info) {
      done(unknown_client(dataplane::to_string(id)));
      return;
    }
    to_proto(*info, listeners_, response);
    done({});
  });
}

}  // namespace crier::services::control
