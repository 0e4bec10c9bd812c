#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "crier/v1/control.grpc.pb.h"
#include "services/crierctl/broadcast_totals.hpp"

namespace crier::services::crierctl {

// One BroadcastStream call, with a bounded number of broadcasts unanswered. Driven by one thread,
// which waits in send() and finish(); no wait is longer than the timeout without an answer.
class BroadcastStream final
    : private grpc::ClientBidiReactor<v1::BroadcastRequest, v1::BroadcastResponse> {
 public:
  static constexpr std::size_t kWindowRequests = 512;
  static constexpr std::size_t kWindowBytes = 8U << 20U;  // one request may always be in flight

  // `stub` must outlive the stream. `tick` is called by the driving thread now and then.
  BroadcastStream(v1::Control::Stub& stub, std::chrono::milliseconds timeout,
                  std::function<void()> tick);
  BroadcastStream(const BroadcastStream&) = delete;
  BroadcastStream& operator=(const BroadcastStream&) = delete;
  // REQUIRES: finish() returned.
  ~BroadcastStream() override = default;

  // Waits for room in the window. False: the call has ended, finish() tells why.
  [[nodiscard]] bool send(v1::BroadcastRequest request);

  // Waits until `fd` can be read. False: the call has ended.
  [[nodiscard]] bool wait_for_input(int fd);

  // Waits for every answer. Once.
  [[nodiscard]] grpc::Status finish();

  [[nodiscard]] std::int64_t answered() const;
  // The answers so far, added up.
  [[nodiscard]] BroadcastTotals totals() const;

 private:
  using Clock = std::chrono::steady_clock;

  void OnWriteDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  // Waits for `ready`; gives the call up when no answer comes in time.
  void wait(std::unique_lock<std::mutex>& lock, const std::function<bool()>& ready);
  [[nodiscard]] bool has_room(std::size_t bytes) const;
  void give_up_if_late();

  const std::chrono::milliseconds timeout_;
  const std::function<void()> tick_;
  grpc::ClientContext context_;
  v1::BroadcastRequest writing_;  // touched only by whoever starts a write
  v1::BroadcastResponse reading_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::BroadcastRequest> unwritten_;  // the next write is started by the last one's end
  std::deque<std::size_t> unanswered_bytes_;    // one for each request, oldest first
  std::size_t in_flight_bytes_ = 0;
  BroadcastTotals totals_;
  Clock::time_point waiting_since_ = Clock::now();
  bool write_runs_ = false;
  bool finishing_ = false;
  bool ended_ = false;  // no further answer comes
  bool late_ = false;
  bool done_ = false;
  grpc::Status status_;
};

}  // namespace crier::services::crierctl
