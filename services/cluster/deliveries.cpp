#include "services/cluster/deliveries.hpp"

#include <asio/post.hpp>
#include <memory>
#include <utility>

#include "services/cluster/responder.hpp"

namespace crier::services::cluster {

using control::Broadcaster;
using control::Status;

// One broadcast of another node on its way to this node's clients; deletes itself once answered.
class Deliveries::Delivery final : public control::BroadcastCall {
 public:
  Delivery(Deliveries& owner, std::uint64_t from, std::uint64_t report_id)
      : BroadcastCall(response_), owner_(owner), from_(from), report_id_(report_id) {}

  void answered(const Status& status) override {
    const std::unique_ptr<Delivery> self(this);
    (status.ok() ? owner_.delivered_ : owner_.refused_).fetch_add(1, std::memory_order_relaxed);
    if (report_id_ == 0) return;
    v1::BusReply reply;
    if (status.ok()) {
      *reply.mutable_broadcast() = std::move(response_);
    } else {
      set_error(status, reply);
    }
    reply.set_id(report_id_);
    owner_.hooks_.report(from_, std::move(reply));
  }

 private:
  v1::BroadcastResponse response_;
  Deliveries& owner_;
  const std::uint64_t from_;
  const std::uint64_t report_id_;
};

Deliveries::Deliveries(asio::io_context& loop, control::Control& control, Hooks hooks)
    : loop_(loop), control_(control), hooks_(std::move(hooks)) {}

bool Deliveries::deliver(std::uint64_t from, v1::BusBroadcast broadcast) {
  v1::BroadcastRequest& request = *broadcast.mutable_request();
  request.set_scope(v1::SCOPE_LOCAL);
  request.set_validate_only(false);
  auto call = std::make_unique<Delivery>(*this, from, broadcast.report_id());
  control::Result<control::BroadcastPlan> planned = control_.plan(request);
  if (!planned.status.ok()) {
    call.release()->answered(planned.status);
    return true;
  }
  planned.value.broadcast.source = dataplane::Source::kBus;
  return start(planned.value, *call.release());
}

bool Deliveries::start(control::BroadcastPlan& plan, Delivery& call) {
  if (control_.start(plan, call) == Broadcaster::Start::kStarted) return true;
  blocked_ = Blocked{std::move(plan), &call};
  control_.clients().when_ready([this] { asio::post(loop_, [this] { retry(); }); });
  return false;
}

void Deliveries::retry() {
  if (!blocked_) return;  // stopped meanwhile
  Blocked blocked = std::move(*blocked_);
  blocked_.reset();
  if (start(blocked.plan, *blocked.call)) hooks_.unblocked();
}

void Deliveries::stop() {
  if (!blocked_) return;
  control_.abandon(blocked_->plan, control::shutting_down());
  blocked_->call->answered(control::shutting_down());
  blocked_.reset();
}

}  // namespace crier::services::cluster
