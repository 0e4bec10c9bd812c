#include <utility>

#include "services/control/client_ids.hpp"
#include "services/control/control.hpp"
#include "services/control/convert.hpp"
#include "services/control/fingerprint.hpp"

namespace crier::services::control {
namespace {

constexpr auto kSpace = RequestIds::Space::kDisconnect;
constexpr std::size_t kReasonBytesMax = 256;

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

}  // namespace

// Returns whether the request is to be carried out; otherwise `done` was or will be called.
bool Control::begin_disconnect(const v1::DisconnectRequest& request,
                               v1::DisconnectResponse& response, const Done& done) {
  const auto joined = [&response, done](const Status& status, std::string_view answer) {
    if (status.ok()) response.ParseFromArray(answer.data(), static_cast<int>(answer.size()));
    done(status);
  };
  switch (request_ids_.begin({kSpace, request.request_id()}, fingerprint_of(request),
                             answer_bytes_max(request.only()), joined)) {
    case RequestIds::Begin::kNew:
      return true;
    case RequestIds::Begin::kJoined:
      break;
    case RequestIds::Begin::kReused:
      done(request_id_reused());
      break;
    case RequestIds::Begin::kFull:
      done(request_ids_full());
      break;
  }
  return false;
}

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
  if (!request.request_id().empty() && !begin_disconnect(request, response, done)) return;

  dataplane::DisconnectRequest disconnect;
  if (request.has_only()) {
    ClientIdSet only = parse_client_ids(request.only());
    disconnect.only = std::move(only.ids);
    for (std::string& id : only.malformed) response.add_unknown_client_ids(std::move(id));
  }
  disconnect.listener = listener.value;
  disconnect.flush = request.flush();
  disconnect.validate_only = request.validate_only();
  disconnect.reason = request.reason();
  clients_.disconnect(std::move(disconnect), [this, &request, &response, done = std::move(done)](
                                                 const dataplane::DisconnectResult& result) {
    to_proto(result, response);
    if (!request.request_id().empty()) {
      request_ids_.complete({kSpace, request.request_id()}, response.SerializeAsString());
    }
    done({});
  });
}

}  // namespace crier::services::control
