#include "services/control/broadcast_plan.hpp"

#include <utility>

#include "services/control/client_ids.hpp"
#include "services/control/convert.hpp"
#include "services/control/fingerprint.hpp"
#include "services/control/request_ids.hpp"
#include "services/control/scope.hpp"

namespace crier::services::control {
namespace {

void add(Fingerprint& fingerprint, const v1::ClientIds* ids) {
  fingerprint.add(ids == nullptr ? 0U : 1U + static_cast<std::uint64_t>(ids->client_ids_size()));
  if (ids == nullptr) return;
  for (const std::string& id : ids->client_ids()) fingerprint.add(id);
}

std::uint64_t fingerprint_of(const v1::BroadcastRequest& request) {
  Fingerprint fingerprint;
  fingerprint.add(request.payload());
  add(fingerprint, request.has_only() ? &request.only() : nullptr);
  add(fingerprint, request.has_except() ? &request.except() : nullptr);
  fingerprint.add(request.listener());
  fingerprint.add(static_cast<std::uint64_t>(request.overflow()));
  return fingerprint.value();
}

// An id in both `only` and `except` is excepted whether or not it names somebody, so the data
// plane need not know of `except` where there is an `only`.
void set_target(const v1::BroadcastRequest& request, BroadcastPlan& plan) {
  ClientIdSet except;
  if (request.has_except()) except = parse_client_ids(request.except());
  if (!request.has_only()) {
    plan.broadcast.target.except = std::move(except.ids);
    return;
  }
  ClientIdSet only = parse_client_ids(request.only());
  subtract(only, except);
  plan.broadcast.target.only = std::move(only.ids);
  plan.malformed = std::move(only.malformed);
}

// What goes out to other nodes: the request as it is, for the clients of whoever gets it.
PeerBroadcast for_peers(const v1::BroadcastRequest& request) {
  PeerBroadcast peers;
  peers.request = request;
  peers.request.set_scope(v1::SCOPE_LOCAL);
  peers.request.clear_wait_for_nodes();
  peers.request.clear_wait_timeout();
  if (request.has_only()) {
    peers.request.clear_only();
    peers.request.clear_except();
  }
  return peers;
}

// Moves the ids that belong to other nodes out of the plan's own part. Ids of nodes that nobody
// knows stay: the data plane reports them as unknown.
void set_peers(const v1::BroadcastRequest& request, const BroadcastRules& rules, const Peers& peers,
               std::chrono::milliseconds wait, BroadcastPlan& plan) {
  if (request.validate_only() && !request.wait_for_nodes()) return;
  std::optional<std::vector<PeerPart>> parts;
  if (plan.broadcast.target.only) {
    parts = split_by_node(*plan.broadcast.target.only, rules.own_epoch, peers.others());
    if (parts->empty()) return;
  }
  plan.peers = for_peers(request);
  plan.peers->parts = std::move(parts);
  if (request.wait_for_nodes()) plan.peers->wait = wait;
}

}  // namespace

Result<BroadcastPlan> plan_broadcast(const v1::BroadcastRequest& request,
                                     const BroadcastRules& rules, const Peers& peers) {
  if (request.payload().size() > rules.payload_bytes_max) {
    return {payload_too_large(request.payload().size(), rules.payload_bytes_max), {}};
  }
  const auto scope = parse_scope(request.scope());
  if (!scope.status.ok()) return {scope.status, {}};
  const auto wait = parse_wait(request.has_wait_timeout() ? &request.wait_timeout() : nullptr);
  if (!wait.status.ok()) return {wait.status, {}};
  if (Status status = check_request_id(request.request_id()); !status.ok()) return {status, {}};
  if (request.validate_only() && !request.request_id().empty()) {
    return {request_id_with_validate_only(), {}};
  }
  Result<std::optional<dataplane::OverflowPolicy>> overflow = from_proto(request.overflow());
  if (!overflow.status.ok()) return {overflow.status, {}};

  Result<BroadcastPlan> result;
  BroadcastPlan& plan = result.value;
  if (request.has_only() || request.has_except()) {
    result.status = check_client_ids(request.has_only() ? &request.only() : nullptr,
                                     request.has_except() ? &request.except() : nullptr);
    if (!result.status.ok()) return result;
    set_target(request, plan);
  }
  Result<std::optional<dataplane::ListenerIndex>> listener =
      rules.listeners.find(request.listener());
  if (!listener.status.ok()) return {listener.status, {}};
  plan.broadcast.target.listener = listener.value;
  plan.broadcast.payload = request.payload();
  plan.broadcast.overflow = overflow.value;
  plan.broadcast.validate_only = request.validate_only();
  if (!request.request_id().empty()) {
    plan.request_id = request.request_id();
    plan.fingerprint = fingerprint_of(request);
    plan.answer_bytes_max = answer_bytes_max(request.only());
  }
  if (peers.joined() && scope.value == Scope::kCluster) {
    set_peers(request, rules, peers, wait.value, plan);
  }
  return result;
}

}  // namespace crier::services::control
