#include "services/control/broadcaster.hpp"

#include <utility>

#include "services/control/convert.hpp"

namespace crier::services::control {
namespace {

constexpr auto kSpace = RequestIds::Space::kLocalBroadcast;

}  // namespace

bool BroadcastCall::begin(RequestIds& request_ids, RequestIds::Key key, const BroadcastPlan& plan) {
  const auto joined = [this](const Status& status, std::string_view answer) {
    if (status.ok()) response_.ParseFromArray(answer.data(), static_cast<int>(answer.size()));
    answered(status);
  };
  const auto begun = request_ids.begin(key, plan.fingerprint, plan.answer_bytes_max, joined);
  if (begun == RequestIds::Begin::kNew) return true;
  if (const Status refused = to_status(begun); !refused.ok()) answered(refused);
  return false;
}

Broadcaster::Broadcaster(Clients& clients, RequestIds& request_ids)
    : clients_(clients), request_ids_(request_ids) {}

Broadcaster::Start Broadcaster::start(BroadcastPlan& plan, BroadcastCall& call) {
  if (!plan.request_id.empty() && !plan.begun) {
    plan.begun = call.begin(request_ids_, {kSpace, plan.request_id}, plan);
    if (!plan.begun) return Start::kStarted;
  }
  if (drained_.load(std::memory_order_relaxed)) {
    fail(plan, call, drained());
    return Start::kStarted;
  }
  // Filled before the broadcast goes out: its answer may come before this returns.
  for (const std::string& id : plan.malformed) call.response_.add_unknown_client_ids(id);
  call.request_id_ = plan.request_id;
  const dataplane::Submit submit = clients_.broadcast(
      plan.broadcast,
      [this, &call](const dataplane::BroadcastResult& result) { done(call, result); });
  switch (submit) {
    case dataplane::Submit::kAccepted:
      return Start::kStarted;
    case dataplane::Submit::kOverloaded:
      call.response_.Clear();
      return Start::kOverloaded;
    case dataplane::Submit::kMemoryFull:
      call.response_.Clear();
      return Start::kMemoryFull;
    case dataplane::Submit::kUnencodable:
      fail(plan, call, payload_unencodable());
      break;
    case dataplane::Submit::kTooLarge:
      fail(plan, call,
           invalid_field("payload", "PAYLOAD_TOO_LARGE", "is larger than this node allows"));
      break;
    case dataplane::Submit::kStopped:
      fail(plan, call, shutting_down());
      break;
  }
  return Start::kStarted;
}

Status Broadcaster::refusal(Start start) {
  return start == Start::kMemoryFull ? queue_memory_full() : overloaded();
}

void Broadcaster::done(BroadcastCall& call, const dataplane::BroadcastResult& result) {
  to_proto(result, call.response_);
  if (!call.request_id_.empty()) {
    request_ids_.complete({kSpace, call.request_id_}, call.response_.SerializeAsString());
  }
  call.answered(Status{});
}

void Broadcaster::fail(const BroadcastPlan& plan, BroadcastCall& call, const Status& status) {
  abandon(plan, status);
  call.answered(status);
}

void Broadcaster::abandon(const BroadcastPlan& plan, const Status& status) {
  if (plan.begun) request_ids_.abandon({kSpace, plan.request_id}, status);
}

}  // namespace crier::services::control
