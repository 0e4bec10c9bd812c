#include "services/control/cluster_broadcaster.hpp"

#include <atomic>
#include <memory>
#include <utility>

#include "services/control/convert.hpp"

namespace crier::services::control {
namespace {

constexpr auto kSpace = RequestIds::Space::kBroadcast;
// The most that one node adds to a serialized answer: its counts and its name, twice.
constexpr std::size_t kNodeBytesMax = 512;

}  // namespace

// One broadcast on its way through this node and the others. The last of three to be done puts the
// answer together: this node, the other nodes, and whoever started both.
class ClusterBroadcaster::Parts final : public BroadcastCall {
 public:
  Parts(ClusterBroadcaster& owner, const BroadcastPlan& plan, BroadcastCall& whole)
      : BroadcastCall(local),
        call(whole),
        request_id(plan.cluster_begun ? plan.request_id : std::string()),
        owner_(owner) {}

  void answered(const Status& status) override {
    local_status = status;
    local_done.store(true, std::memory_order_release);
    one_done();
  }

  void one_done() {
    if (left_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    const std::unique_ptr<Parts> self(this);
    owner_.finish(*this);
  }

  BroadcastCall& call;
  const std::string request_id;  // empty: nobody is to hear of the answer later
  v1::BroadcastResponse local;
  Status local_status;
  std::atomic<bool> local_done{false};
  PeerReport report;

 private:
  ClusterBroadcaster& owner_;
  std::atomic<int> left_{3};
};

ClusterBroadcaster::ClusterBroadcaster(Broadcaster& local, Peers& peers, RequestIds& request_ids)
    : local_(local), peers_(peers), request_ids_(request_ids) {}

Broadcaster::Start ClusterBroadcaster::start(BroadcastPlan& plan, BroadcastCall& call) {
  if (!plan.request_id.empty() && !plan.cluster_begun) {
    plan.answer_bytes_max += kNodeBytesMax * (1 + peers_.others().size());
    plan.cluster_begun = call.begin(request_ids_, {kSpace, plan.request_id}, plan);
    if (!plan.cluster_begun) return Broadcaster::Start::kStarted;
  }
  auto parts = std::make_unique<Parts>(*this, plan, call);
  bool published = false;
  {
    const std::lock_guard lock(order_);
    const Broadcaster::Start started = local_.start(plan, *parts);
    if (started != Broadcaster::Start::kStarted) return started;
    // What this node refuses at once no other is asked to do.
    const bool refused =
        parts->local_done.load(std::memory_order_acquire) && !parts->local_status.ok();
    if (!refused) {
      published = true;
      peers_.publish(std::move(*plan.peers), [parts = parts.get()](PeerReport report) {
        parts->report = std::move(report);
        parts->one_done();
      });
    }
  }
  if (!published) parts->one_done();
  parts.release()->one_done();
  return Broadcaster::Start::kStarted;
}

void ClusterBroadcaster::abandon(const BroadcastPlan& plan, const Status& status) {
  local_.abandon(plan, status);
  if (plan.cluster_begun) request_ids_.abandon({kSpace, plan.request_id}, status);
}

void ClusterBroadcaster::finish(Parts& parts) {
  BroadcastCall& call = parts.call;
  if (!parts.local_status.ok()) {
    if (!parts.request_id.empty()) {
      request_ids_.abandon({kSpace, parts.request_id}, parts.local_status);
    }
    call.answered(parts.local_status);
    return;
  }
  v1::BroadcastResponse& response = call.response_;
  response = std::move(parts.local);
  *response.mutable_local() = to_counts(response, peers_.own_node_id());
  add_peers(std::move(parts.report), response);
  if (!parts.request_id.empty()) {
    request_ids_.complete({kSpace, parts.request_id}, response.SerializeAsString());
  }
  call.answered(Status{});
}

}  // namespace crier::services::control
