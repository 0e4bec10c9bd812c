#include "services/control/broadcast_stream.hpp"

#include <utility>

#include "services/control/client_ids.hpp"

namespace crier::services::control {
namespace {

// Answers may repeat the ids of their requests: above this the stream is not read either.
constexpr std::size_t kIdBytesMax = kClientIdBytesMax;

std::size_t id_bytes_of(const v1::BroadcastRequest& request) {
  return request.has_only() ? answer_bytes_max(request.only()) : 0;
}

}  // namespace

BroadcastStream::BroadcastStream(Control& control, StreamTransport& transport)
    : control_(control), transport_(transport) {}

void BroadcastStream::start() {
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    next_read(actions);
  }
  act(actions);
}

void BroadcastStream::on_read(bool ok) {
  if (ok) {
    const Clock::time_point now = Clock::now();
    take_request(control_.plan(request_), now);
    return;
  }
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (!last_) last_ = Status{};
    next_finish(actions);
  }
  act(actions);
}

void BroadcastStream::on_refused(const Status& status) {
  take_request({status, {}}, Clock::now());
}

void BroadcastStream::take_request(Result<BroadcastPlan> planned, Clock::time_point since) {
  const std::uint64_t index = index_++;
  control_.stats().started(Method::kBroadcastStream);
  const std::size_t id_bytes = id_bytes_of(request_);
  Slot* slot = nullptr;
  bool read_on = false;
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    if (!planned.status.ok()) refuse(index, planned.status);
    if (gone_ || stopping()) {
      reading_ = false;
      next_finish(actions);
    } else {
      slot = &slots_.emplace_back(*this, index, id_bytes, since);
      ++unanswered_;
      id_bytes_ += id_bytes;
      read_on = has_room();
    }
  }
  if (slot == nullptr) {
    const Code code = planned.status.ok() ? Code::kCancelled : planned.status.code;
    control_.stats().finished(Method::kBroadcastStream, code, Clock::now() - since);
    act(actions);
    return;
  }
  plan_ = std::move(planned.value);
  if (!submit(*slot)) return;  // resume() goes on
  if (!read_on) {
    // Only now may another thread read on: until here this one used the plan.
    const std::lock_guard lock(mutex_);
    reading_ = false;
    next_read(actions);
    next_finish(actions);
  } else {
    actions.read = true;  // reading_ was never given up
  }
  act(actions);
}

// Returns false where the data plane has no room and resume() will be called.
bool BroadcastStream::submit(Slot& slot) {
  if (control_.start(plan_, slot) == Broadcaster::Start::kStarted) return true;
  {
    const std::lock_guard lock(mutex_);
    ++holds_;
  }
  control_.clients().when_ready([this, &slot] { resume(slot); });
  return false;
}

// Not inside an on_… call, so the hold keeps the stream alive until this is through.
void BroadcastStream::resume(Slot& slot) {
  bool give_up_now = false;
  {
    const std::lock_guard lock(mutex_);
    give_up_now = gone_ || stopping();
  }
  Actions actions;
  if (give_up_now) {
    give_up(slot);
  } else if (submit(slot)) {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    next_read(actions);
  }
  act(actions);
  Actions last;
  {
    const std::lock_guard lock(mutex_);
    --holds_;
    next_finish(last);
  }
  act(last);
}

// The request that waits is the youngest: nothing was read after it.
void BroadcastStream::give_up(Slot& slot) {
  control_.abandon(plan_, request_abandoned());
  control_.stats().finished(Method::kBroadcastStream, Code::kCancelled, Clock::now() - slot.since);
  const std::lock_guard lock(mutex_);
  --unanswered_;
  id_bytes_ -= slot.id_bytes;
  slots_.pop_back();
  reading_ = false;
}

void BroadcastStream::on_answered(Slot& slot, const Status& status) {
  control_.stats().finished(Method::kBroadcastStream, status.code, Clock::now() - slot.since);
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    --unanswered_;
    if (status.ok()) {
      slot.ready = true;
    } else {
      refuse(slot.index, status);
    }
    next_write(actions);
    next_finish(actions);
  }
  act(actions);
}

void BroadcastStream::on_written(bool ok) {
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    gone_ = gone_ || !ok;
    id_bytes_ -= slots_.front().id_bytes;
    slots_.pop_front();
    next_write(actions);
    next_read(actions);
    next_finish(actions);
  }
  act(actions);
}

void BroadcastStream::on_cancel() {
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    next_finish(actions);
  }
  act(actions);
}

void BroadcastStream::end(const Status& status) {
  Actions actions;
  {
    const std::lock_guard lock(mutex_);
    if (!last_) last_ = status;
    next_finish(actions);
  }
  act(actions);
}

void BroadcastStream::refuse(std::uint64_t index, const Status& status) {
  if (refused_ && refused_index_ < index) return;
  refused_ = at_index(status, index);
  refused_index_ = index;
}

bool BroadcastStream::has_room() const {
  return slots_.size() < control_.stream_window() && id_bytes_ < kIdBytesMax;
}

void BroadcastStream::next_read(Actions& actions) {
  if (reading_ || gone_ || stopping() || !has_room()) return;
  reading_ = true;
  actions.read = true;
}

void BroadcastStream::next_write(Actions& actions) {
  if (writing_ || gone_ || slots_.empty() || !slots_.front().ready) return;
  writing_ = true;
  actions.write = &slots_.front().response;
  actions.more = slots_.front().index > 0 && slots_.size() > 1 && slots_[1].ready;
}

void BroadcastStream::next_finish(Actions& actions) {
  if (finished_ || (!gone_ && !stopping())) return;
  if (unanswered_ > 0 || writing_ || holds_ > 0) return;
  finished_ = true;
  actions.finish = refused_ ? *refused_ : gone_ ? cancelled() : *last_;
}

// Touches nothing of the stream after the last action: it may be gone by then.
void BroadcastStream::act(const Actions& actions) {
  if (actions.write != nullptr) transport_.start_write(*actions.write, actions.more);
  if (actions.read) transport_.start_read(request_);
  if (actions.finish) transport_.finish(*actions.finish);
}

}  // namespace crier::services::control
