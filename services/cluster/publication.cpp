#include "services/cluster/publication.hpp"

#include <algorithm>
#include <utility>

#include "services/control/convert.hpp"

namespace crier::services::cluster {
namespace {

v1::Published to_proto(bus::Outcome outcome) {
  switch (outcome) {
    case bus::Outcome::kConfirmed:
      return v1::PUBLISHED_CONFIRMED;
    case bus::Outcome::kUnconfirmed:
      return v1::PUBLISHED_UNCONFIRMED;
    case bus::Outcome::kDown:
      return v1::PUBLISHED_BUS_DOWN;
    case bus::Outcome::kBacklogFull:
      return v1::PUBLISHED_BACKLOG_FULL;
  }
  return v1::PUBLISHED_UNSPECIFIED;
}

}  // namespace

Publication::Publication(Parts parts, Name name, Done done)
    : left_(parts.messages + (parts.reports ? 1 : 0)),
      unreachable_(std::move(parts.unreachable)),
      name_(std::move(name)),
      done_(std::move(done)) {}

// Of several messages the worst tells: the enumerators are in that order.
void Publication::message_done(bus::Outcome outcome, const std::vector<std::uint64_t>& missed) {
  report_.published = std::max(report_.published, to_proto(outcome));
  unreachable_.insert(unreachable_.end(), missed.begin(), missed.end());
  one_done();
}

void Publication::reports_done(Pending::Replies replies) {
  unreachable_.insert(unreachable_.end(), replies.missing.begin(), replies.missing.end());
  for (auto& [epoch, reply] : replies.answers) {
    control::PeerReport::Answer& answer = report_.answers.emplace_back();
    if (reply.has_broadcast()) {
      answer.counts = control::to_counts(reply.broadcast(), name_(epoch));
      answer.unknown_client_ids.assign(reply.broadcast().unknown_client_ids().begin(),
                                       reply.broadcast().unknown_client_ids().end());
    } else {
      answer.counts.set_node_id(name_(epoch));
      answer.counts.set_refused(reply.reason().empty() ? "UNKNOWN" : reply.reason());
    }
  }
  one_done();
}

void Publication::one_done() {
  if (--left_ == 0) end();
}

void Publication::end() {
  std::sort(unreachable_.begin(), unreachable_.end());
  unreachable_.erase(std::unique(unreachable_.begin(), unreachable_.end()), unreachable_.end());
  for (const std::uint64_t epoch : unreachable_) report_.unreachable.push_back(name_(epoch));
  done_(std::move(report_));
}

}  // namespace crier::services::cluster
