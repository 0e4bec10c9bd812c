#include "services/control/broadcast_plan.hpp"

#include <utility>

#include "services/control/client_ids.hpp"
#include "services/control/convert.hpp"
#include "services/control/fingerprint.hpp"
#include "services/control/request_ids.hpp"

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

}  // namespace

Result<BroadcastPlan> plan_broadcast(const v1::BroadcastRequest& request,
                                     const Listeners& listeners, std::uint64_t payload_bytes_max) {
  if (request.payload().size() > payload_bytes_max) {
    return {payload_too_large(request.payload().size(), payload_bytes_max), {}};
  }
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
  Result<std::optional<dataplane::ListenerIndex>> listener = listeners.find(request.listener());
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
  return result;
}

}  // namespace crier::services::control
