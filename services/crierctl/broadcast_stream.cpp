#include "services/crierctl/broadcast_stream.hpp"

#include <poll.h>

#include <utility>

namespace crier::services::crierctl {
namespace {

// Between two looks at the clock, at the end of the call and at the progress to show.
constexpr std::chrono::milliseconds kTick{100};

}  // namespace

BroadcastStream::BroadcastStream(v1::Control::Stub& stub, std::chrono::milliseconds timeout,
                                 std::function<void()> tick)
    : timeout_(timeout), tick_(std::move(tick)) {
  stub.async()->BroadcastStream(&context_, this);
  AddHold();  // the driving thread starts writes; the call must not end between two of them
  StartRead(&reading_);
  StartCall();
}

bool BroadcastStream::send(v1::BroadcastRequest request) {
  const std::size_t bytes = request.payload().size();
  {
    std::unique_lock lock(mutex_);
    wait(lock, [&] { return ended_ || has_room(bytes); });
    if (ended_) return false;
    if (unanswered_bytes_.empty()) waiting_since_ = Clock::now();
    unanswered_bytes_.push_back(bytes);
    in_flight_bytes_ += bytes;
    if (write_runs_) {
      unwritten_.push_back(std::move(request));
      return true;
    }
    write_runs_ = true;
  }
  writing_ = std::move(request);
  StartWrite(&writing_);
  return true;
}

bool BroadcastStream::wait_for_input(int fd) {
  pollfd input{fd, POLLIN, 0};
  while (poll(&input, 1, static_cast<int>(kTick.count())) == 0) {
    tick_();
    const std::scoped_lock lock(mutex_);
    give_up_if_late();
    if (ended_) return false;
  }
  return true;
}

grpc::Status BroadcastStream::finish() {
  {
    std::unique_lock lock(mutex_);
    wait(lock, [&] { return !write_runs_; });
    if (unanswered_bytes_.empty()) waiting_since_ = Clock::now();
    finishing_ = true;
  }
  StartWritesDone();
  RemoveHold();
  std::unique_lock lock(mutex_);
  wait(lock, [&] { return done_; });
  if (late_) return {grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"};
  return status_;
}

std::int64_t BroadcastStream::answered() const {
  const std::scoped_lock lock(mutex_);
  return totals_.broadcasts;
}

BroadcastTotals BroadcastStream::totals() const {
  const std::scoped_lock lock(mutex_);
  return totals_;
}

void BroadcastStream::OnWriteDone(bool ok) {
  {
    const std::scoped_lock lock(mutex_);
    if (!ok || unwritten_.empty()) {  // after a failed write the reads end too, and tell why
      write_runs_ = false;
      changed_.notify_one();
      return;
    }
    writing_ = std::move(unwritten_.front());
    unwritten_.pop_front();
  }
  StartWrite(&writing_);
}

void BroadcastStream::OnReadDone(bool ok) {
  {
    const std::scoped_lock lock(mutex_);
    if (!ok || unanswered_bytes_.empty()) {  // the latter: an answer to nothing that was asked
      ended_ = true;
      changed_.notify_one();
      if (ok) context_.TryCancel();
      return;
    }
    in_flight_bytes_ -= unanswered_bytes_.front();
    unanswered_bytes_.pop_front();
    waiting_since_ = Clock::now();
    totals_.add(reading_);
    changed_.notify_one();
  }
  StartRead(&reading_);
}

void BroadcastStream::OnDone(const grpc::Status& status) {
  const std::scoped_lock lock(mutex_);
  status_ = status;
  done_ = true;
  changed_.notify_one();
}

void BroadcastStream::wait(std::unique_lock<std::mutex>& lock, const std::function<bool()>& ready) {
  while (!changed_.wait_for(lock, kTick, ready)) {
    lock.unlock();
    tick_();
    lock.lock();
    give_up_if_late();
  }
}

bool BroadcastStream::has_room(std::size_t bytes) const {
  if (unanswered_bytes_.empty()) return true;
  return unanswered_bytes_.size() < kWindowRequests && in_flight_bytes_ + bytes <= kWindowBytes;
}

void BroadcastStream::give_up_if_late() {
  const bool waiting = write_runs_ || finishing_ || !unanswered_bytes_.empty();
  if (late_ || !waiting || Clock::now() - waiting_since_ < timeout_) return;
  late_ = true;
  context_.TryCancel();
}

}  // namespace crier::services::crierctl
