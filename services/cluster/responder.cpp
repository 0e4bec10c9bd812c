#include "services/cluster/responder.hpp"

#include <memory>
#include <utility>

namespace crier::services::cluster {
namespace {

using control::Status;

// Keeps a question and its answer until the call is through.
struct Call {
  v1::BusRequest request;
  v1::BusReply reply;
  std::function<void(v1::BusReply)> done;

  void end(const Status& status) {
    if (!status.ok()) set_error(status, reply);
    reply.set_id(request.id());
    done(std::move(reply));
  }
};

Status unknown_call() {
  return control::invalid_field("call", "UNKNOWN_CALL", "is not known to this version");
}

}  // namespace

void set_error(const Status& status, v1::BusReply& reply) {
  reply.clear_answer();
  reply.set_code(static_cast<int>(status.code));
  reply.set_reason(status.reason);
  reply.set_message(status.message);
}

void Responder::answer(v1::BusRequest request, std::function<void(v1::BusReply)> done) {
  const auto call = std::make_shared<Call>(Call{std::move(request), {}, std::move(done)});
  const auto end = [call](const Status& status) { call->end(status); };
  v1::BusRequest& asked = call->request;
  switch (asked.call_case()) {
    case v1::BusRequest::kBroadcast:
      // Only to count: what is to be sent comes as a broadcast.
      asked.mutable_broadcast()->set_scope(v1::SCOPE_LOCAL);
      asked.mutable_broadcast()->set_validate_only(true);
      control_.broadcast(asked.broadcast(), *call->reply.mutable_broadcast(), end);
      break;
    case v1::BusRequest::kListClients:
      asked.mutable_list_clients()->set_scope(v1::SCOPE_LOCAL);
      control_.list_clients(asked.list_clients(), *call->reply.mutable_list_clients(), end);
      break;
    case v1::BusRequest::kGetClient:
      asked.mutable_get_client()->set_scope(v1::SCOPE_LOCAL);
      control_.get_client(asked.get_client(), *call->reply.mutable_get_client(), end);
      break;
    case v1::BusRequest::kDisconnect:
      asked.mutable_disconnect()->set_scope(v1::SCOPE_LOCAL);
      control_.disconnect(asked.disconnect(), *call->reply.mutable_disconnect(), end);
      break;
    case v1::BusRequest::kCount:
      call->reply.set_count(control_.count_clients(asked.count().listener()));
      end({});
      break;
    case v1::BusRequest::CALL_NOT_SET:
      end(unknown_call());
      break;
  }
}

}  // namespace crier::services::cluster
