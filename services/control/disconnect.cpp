#include <utility>

#include "services/control/client_ids.hpp"
#include "services/control/cluster_disconnect.hpp"
#include "services/control/control.hpp"
#include "services/control/convert.hpp"
#include "services/control/fingerprint.hpp"

namespace crier::services::control {
namespace {

constexpr std::size_t kReasonBytesMax = 256;
// Room for the names of nodes that did not answer.
constexpr std::size_t kUnreachableBytesMax = 4096;

Status check(const v1::DisconnectRequest& request) {
  if (request.has_only() == request.all()) {
    return invalid_field("only, all", "CONTRADICTORY_TARGET", "exactly one of them must be set");
  }
  if (request.reason().size() > kReasonBytesMax) {
    return invalid_field("reason", "INVALID_REASON", "must have at most 256 bytes");
  }
  if (Status status = check_request_id(request.request_id()); !status.ok()) return status;
  if (request.validate_only() && !request.request_id().empty()) {
    return request_id_with_validate_only();
  }
  return check_client_ids(request.has_only() ? &request.only() : nullptr, nullptr);
}

std::uint64_t fingerprint_of(const v1::DisconnectRequest& request) {
  Fingerprint fingerprint;
  fingerprint.add(static_cast<std::uint64_t>(request.only().client_ids_size()));
  for (const std::string& id : request.only().client_ids()) fingerprint.add(id);
  fingerprint.add(static_cast<std::uint64_t>(request.all()));
  fingerprint.add(request.listener());
  fingerprint.add(static_cast<std::uint64_t>(request.flush()));
  fingerprint.add(request.reason());
  return fingerprint.value();
}

// Returns whether the request is to be carried out; otherwise `done` was or will be called.
bool begin(RequestIds& request_ids, RequestIds::Key key, const v1::DisconnectRequest& request,
           v1::DisconnectResponse& response, const Control::Done& done) {
  const auto joined = [&response, done](const Status& status, std::string_view answer) {
    if (status.ok()) response.ParseFromArray(answer.data(), static_cast<int>(answer.size()));
    done(status);
  };
  const auto begun =
      request_ids.begin(key, fingerprint_of(request),
                        answer_bytes_max(request.only()) + kUnreachableBytesMax, joined);
  if (begun == RequestIds::Begin::kNew) return true;
  if (const Status refused = to_status(begun); !refused.ok()) done(refused);
  return false;
}

// `done` that also tells `request_ids`.
Control::Done remembering(RequestIds& request_ids, RequestIds::Space space,
                          const v1::DisconnectRequest& request,
                          const v1::DisconnectResponse& response, Control::Done done) {
  return [&request_ids, space, &request, &response, done = std::move(done)](const Status& status) {
    const RequestIds::Key key{space, request.request_id()};
    if (status.ok()) {
      request_ids.complete(key, response.SerializeAsString());
    } else {
      request_ids.abandon(key, status);
    }
    done(status);
  };
}

}  // namespace

void Control::disconnect(const v1::DisconnectRequest& request, v1::DisconnectResponse& response,
                         Done done) {
  if (Status status = check(request); !status.ok()) {
    done(status);
    return;
  }
  const auto listener = listeners_.find(request.listener());
  if (!listener.status.ok()) {
    done(listener.status);
    return;
  }
  const auto scope = parse_scope(request.scope());
  const auto wait = parse_wait(request.has_wait_timeout() ? &request.wait_timeout() : nullptr);
  for (const Status& status : {scope.status, wait.status}) {
    if (status.ok()) continue;
    done(status);
    return;
  }
  const bool spans = spans_nodes(scope.value);
  if (!request.request_id().empty()) {
    const RequestIds::Key key{
        spans ? RequestIds::Space::kDisconnect : RequestIds::Space::kLocalDisconnect,
        request.request_id()};
    if (!begin(request_ids_, key, request, response, done)) return;
    done = remembering(request_ids_, key.space, request, response, std::move(done));
  }
  if (spans) {
    ClusterDisconnect::start(*this, peers_, request, response, wait.value, std::move(done));
  } else {
    disconnect_own(request, listener.value, response, std::move(done));
  }
}

void Control::disconnect_own(const v1::DisconnectRequest& request,
                             std::optional<dataplane::ListenerIndex> listener,
                             v1::DisconnectResponse& response, Done done) {
  dataplane::DisconnectRequest disconnect;
  if (request.has_only()) {
    ClientIdSet only = parse_client_ids(request.only());
    disconnect.only = std::move(only.ids);
    for (std::string& id : only.malformed) response.add_unknown_client_ids(std::move(id));
  }
  disconnect.listener = listener;
  disconnect.flush = request.flush();
  disconnect.validate_only = request.validate_only();
  disconnect.reason = request.reason();
  clients_.disconnect(std::move(disconnect), [&response, done = std::move(done)](
                                                 const dataplane::DisconnectResult& result) {
    to_proto(result, response);
    done({});
  });
}

}  // namespace crier::services::control
