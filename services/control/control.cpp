#include "services/control/control.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "services/control/convert.hpp"
#include "services/control/page_token.hpp"

namespace crier::services::control {
namespace {

constexpr std::int32_t kPageSizeDefault = 100;
constexpr std::int32_t kPageSizeMax = 1000;

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

Control::Control(Clients& clients, ControlOptions options)
    : clients_(clients),
      listeners_(options.listeners),
      max_payload_bytes_(options.max_payload_bytes),
      stream_window_(options.stream_window),
      request_ids_(std::move(options.request_ids)),
      broadcaster_(clients, request_ids_) {}

Result<BroadcastPlan> Control::plan(const v1::BroadcastRequest& request) const {
  return plan_broadcast(request, listeners_, max_payload_bytes_);
}

void Control::broadcast(const v1::BroadcastRequest& request, v1::BroadcastResponse& response,
                        Done done) {
  Result<BroadcastPlan> planned = plan(request);
  if (!planned.status.ok()) {
    done(planned.status);
    return;
  }
  auto* call = new UnaryBroadcast(response, std::move(done));
  if (broadcaster_.start(planned.value, *call) == Broadcaster::Start::kOverloaded) {
    broadcaster_.abandon(planned.value, overloaded());
    call->answered(overloaded());
  }
}

void Control::list_clients(const v1::ListClientsRequest& request, v1::ListClientsResponse& response,
                           Done done) {
  if (request.page_size() < 0) {
    done(invalid_field("page_size", "INVALID_PAGE_SIZE", "must not be negative"));
    return;
  }
  const auto listener = listeners_.find(request.listener());
  if (!listener.status.ok()) {
    done(listener.status);
    return;
  }
  dataplane::ListRequest list;
  list.page_size = static_cast<std::uint32_t>(
      request.page_size() == 0 ? kPageSizeDefault : std::min(request.page_size(), kPageSizeMax));
  list.listener = listener.value;
  if (!request.page_token().empty()) {
    const PageContext context{clients_.incarnation(), request.listener()};
    const auto position = parse_page_token(context, request.page_token());
    if (!position) {
      done(bad_page_token());
      return;
    }
    list.from = *position;
  }
  clients_.list(list, [this, &request, &response, listener = listener.value,
                       done = std::move(done)](const dataplane::ListPage& page) {
    response.mutable_clients()->Reserve(static_cast<int>(page.clients.size()));
    for (const auto& info : page.clients) to_proto(info, listeners_, *response.add_clients());
    if (page.next) {
      const PageContext context{clients_.incarnation(), request.listener()};
      response.set_next_page_token(make_page_token(context, *page.next));
    }
    response.set_total_size(static_cast<std::int64_t>(clients_.count(listener)));
    done({});
  });
}

void Control::get_client(const v1::GetClientRequest& request, v1::Client& response, Done done) {
  const auto id = dataplane::parse_client_id(request.client_id());
  if (!id) {
    done(unknown_client(request.client_id()));
    return;
  }
  clients_.get(*id, [this, &request, &response,
                     done = std::move(done)](const std::optional<dataplane::ClientInfo>& info) {
    if (!info) {
      done(unknown_client(request.client_id()));
      return;
    }
    to_proto(*info, listeners_, response);
    done({});
  });
}

}  // namespace crier::services::control
