#include "services/control/health/service.hpp"

#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "crier/v1/control.grpc.pb.h"
#include "services/control/health/request.hpp"

namespace crier::services::control {
namespace {

constexpr std::size_t kNoService = 2;

std::size_t index_of(std::string_view name) {
  if (name.empty()) return 0;
  return name == v1::Control::service_full_name() ? 1 : kNoService;
}

std::string text(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::ByteBuffer response(HealthService::Serving serving) {
  const grpc::Slice slice(std::string{'\x08', static_cast<char>(serving)});
  return {&slice, 1};
}

}  // namespace

// Check or Watch; to gRPC both are streams, so that they begin before their request is there.
class HealthService::Call final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Call(HealthService& health, bool watch) : watch_(watch), health_(health) {
    StartRead(&request_);
    health_.begin(*this);
  }

  void OnReadDone(bool ok) override { health_.read(*this, ok); }
  void OnWriteDone(bool ok) override { health_.written(*this, ok); }
  void OnCancel() override { health_.end(*this, grpc::Status::CANCELLED); }
  // Asks for no lock: it may come from within Finish().
  void OnDone() override { const std::unique_ptr<Call> self(this); }

 private:
  friend HealthService;

  const bool watch_;
  HealthService& health_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::size_t service_ = kNoService;
  Serving told_ = Serving::kUnknownService;
  bool writing_ = false;
  bool ended_ = false;
};

HealthService::HealthService() {
  add("/grpc.health.v1.Health/Check", false);
  add("/grpc.health.v1.Health/Watch", true);
}

void HealthService::add(const char* path, bool watch) {
  using Handler = grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
  AddMethod(new grpc::internal::RpcServiceMethod(path, grpc::internal::RpcMethod::BIDI_STREAMING,
                                                 nullptr));
  MarkMethodCallback(methods_added_++,
                     new Handler([this, watch](grpc::CallbackServerContext* /*context*/) {
                       return new Call(*this, watch);
                     }));
}

void HealthService::set(std::size_t service, Serving serving) {
  const std::lock_guard lock(mutex_);
  serving_[service] = serving;
  for (Call* call : watchers_) {
    if (!call->writing_ && call->told_ != this->serving(call->service_)) tell_locked(*call);
  }
}

HealthService::Serving HealthService::serving(std::size_t service) const {
  return service == kNoService ? Serving::kUnknownService : serving_[service];
}

void HealthService::begin(Call& call) {
  const std::lock_guard lock(mutex_);
  if (unread_.size() == kUnreadMax) {
    end_locked(*unread_.front(), {grpc::StatusCode::RESOURCE_EXHAUSTED,
                                  "the request did not come in time for the next"});
  }
  unread_.push_back(&call);
}

void HealthService::read(Call& call, bool ok) {
  const std::lock_guard lock(mutex_);
  if (call.ended_) return;
  std::erase(unread_, &call);
  const auto name =
      ok && call.request_.Length() < 256 ? health_request(text(call.request_)) : std::nullopt;
  call.request_.Clear();
  if (!name) {
    end_locked(call, {grpc::StatusCode::INVALID_ARGUMENT, "no request came that could be read"});
    return;
  }
  call.service_ = index_of(*name);
  if (!call.watch_ && call.service_ == kNoService) {
    end_locked(call, {grpc::StatusCode::NOT_FOUND, "there is no such service"});
  } else if (!call.watch_) {
    call.ended_ = true;
    call.response_ = response(serving(call.service_));
    call.StartWriteAndFinish(&call.response_, {}, grpc::Status::OK);
  } else if (watchers_.size() == kWatchersMax) {
    end_locked(call, {grpc::StatusCode::RESOURCE_EXHAUSTED, "too many watch already"});
  } else {
    watchers_.insert(&call);
    tell_locked(call);
  }
}

void HealthService::written(Call& call, bool ok) {
  const std::lock_guard lock(mutex_);
  if (call.ended_) return;
  call.writing_ = false;
  if (!ok) {
    end_locked(call, grpc::Status::CANCELLED);
  } else if (call.told_ != serving(call.service_)) {
    tell_locked(call);
  }
}

void HealthService::end(Call& call, const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  if (!call.ended_) end_locked(call, status);
}

void HealthService::end_locked(Call& call, const grpc::Status& status) {
  call.ended_ = true;
  std::erase(unread_, &call);
  watchers_.erase(&call);
  call.Finish(status);
}

void HealthService::tell_locked(Call& call) {
  call.told_ = serving(call.service_);
  call.response_ = response(call.told_);
  call.writing_ = true;
  call.StartWrite(&call.response_);
}

}  // namespace crier::services::control
