#include "services/control/control.hpp"

#include <memory>
#include <utility>

namespace crier::services::control {
namespace {

// A Broadcast call; deletes itself once answered.
class UnaryBroadcast final : public BroadcastCall {
 public:
  UnaryBroadcast(v1::BroadcastResponse& response, Control::Done done)
      : BroadcastCall(response), done_(std::move(done)) {}

  void answered(const Status& status) override {
    const std::unique_ptr<UnaryBroadcast> self(this);
    done_(status);
  }

 private:
  Control::Done done_;
};

}  // namespace

Control::Control(Clients& clients, Peers& peers, ControlOptions options)
    : clients_(clients),
      peers_(peers),
      listeners_(options.listeners),
      max_payload_bytes_(options.max_payload_bytes),
      stream_window_(options.stream_window),
      request_ids_(std::move(options.request_ids)),
      broadcaster_(clients, request_ids_),
      cluster_broadcaster_(broadcaster_, peers, request_ids_) {}

Result<BroadcastPlan> Control::plan(const v1::BroadcastRequest& request) const {
  return plan_broadcast(request, {listeners_, max_payload_bytes_, own_epoch()}, peers_);
}

Broadcaster::Start Control::start(BroadcastPlan& plan, BroadcastCall& call) {
  return plan.peers ? cluster_broadcaster_.start(plan, call) : broadcaster_.start(plan, call);
}

void Control::abandon(const BroadcastPlan& plan, const Status& status) {
  plan.peers ? cluster_broadcaster_.abandon(plan, status) : broadcaster_.abandon(plan, status);
}

void Control::broadcast(const v1::BroadcastRequest& request, v1::BroadcastResponse& response,
                        Done done) {
  Result<BroadcastPlan> planned = plan(request);
  if (!planned.status.ok()) {
    done(planned.status);
    return;
  }
  auto* call = new UnaryBroadcast(response, std::move(done));
  const Broadcaster::Start started = start(planned.value, *call);
  if (started == Broadcaster::Start::kStarted) return;
  const Status refused = Broadcaster::refusal(started);
  abandon(planned.value, refused);
  call->answered(refused);
}

void Control::list_nodes(const v1::ListNodesRequest& /*request*/, v1::ListNodesResponse& response,
                         const Done& done) {
  for (v1::Node& node : peers_.nodes()) *response.add_nodes() = std::move(node);
  done({});
}

std::int64_t Control::count_clients(const std::string& listener) const {
  const auto found = listeners_.find(listener);
  return found.status.ok() ? static_cast<std::int64_t>(clients_.count(found.value)) : 0;
}

bool Control::spans_nodes(Scope scope) const {
  return scope == Scope::kCluster && peers_.joined();
}

}  // namespace crier::services::control
