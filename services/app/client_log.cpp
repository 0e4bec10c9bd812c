#include "services/app/client_log.hpp"

#include <string>

#include "services/logging/log.hpp"

namespace crier::services::app {
namespace {

using dataplane::CloseReason;
using logging::Level;

// Ends that need nobody's attention.
bool ordinary(CloseReason reason) {
  switch (reason) {
    case CloseReason::kClientClosed:
    case CloseReason::kReset:
    case CloseReason::kDisconnected:
    case CloseReason::kDrain:
    case CloseReason::kHardStop:
    case CloseReason::kMaxAge:
      return true;
    default:
      return false;
  }
}

// Some labels are both ends of clients and reasons to turn connections away.
std::string site(std::string_view what, std::string_view label) {
  return std::string(what).append(label);
}

}  // namespace

void ClientLog::closed(const dataplane::ClosedClient& client) const {
  const bool plain = ordinary(client.reason);
  const Level level = plain ? Level::kDebug : Level::kInfo;
  if (!logging::enabled(level)) return;
  const dataplane::CloseReasonInfo& reason = dataplane::info(client.reason);
  const std::string id = to_string(client.id);
  const std::string address = client.peer.text();
  const logging::Fields fields{{"reason", reason.label},
                               {"client_id", id},
                               {"listener", listeners_[client.listener]},
                               {"address", address},
                               {"age_ms", client.age.count()},
                               {"received_frames", client.received_frames},
                               {"sent_frames", client.sent_frames},
                               {"discarded_frames", client.discarded_frames}};
  if (plain) {
    logging::log(level, "client closed", fields);
  } else {
    logging::log_limited(site("client.closed.", reason.label), level, "client closed", fields);
  }
}

void ClientLog::rejected(const dataplane::RejectedClient& client) const {
  if (!logging::enabled(Level::kInfo)) return;
  const std::string_view reason = dataplane::kRejectLabels[static_cast<std::size_t>(client.reason)];
  const std::string address = client.peer.text();
  logging::log_limited(site("client.rejected.", reason), Level::kInfo, "client rejected",
                       {{"reason", reason},
                        {"listener", listeners_[client.listener]},
                        {"address", address},
                        {"detail", client.detail}});
}

}  // namespace crier::services::app
