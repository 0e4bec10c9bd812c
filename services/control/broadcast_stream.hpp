#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "crier/v1/control.pb.h"
#include "services/control/broadcaster.hpp"
#include "services/control/control.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// What carries a BroadcastStream: gRPC, or a test. Each start is followed by one on_… call of the
// stream, from any thread but never inside the call that started it.
class StreamTransport {
 public:
  virtual void start_read(v1::BroadcastRequest& into) = 0;
  // `more`: another answer follows at once, so this one need not be flushed. Never for the first:
  // it carries the headers of the call, and gRPC may never complete such a write if it is hinted
  // (grpc/grpc#12975).
  virtual void start_write(const v1::BroadcastResponse& answer, bool more) = 0;
  // Once, and not while a write is under way. A read may be outstanding, or be started a moment
  // later from within an on_… call; it then fails. The stream may be destroyed once every on_…
  // call has returned.
  virtual void finish(const Status& status) = 0;

 protected:
  ~StreamTransport() = default;
};

// One BroadcastStream call: reads requests, sends them in order, writes their answers in order.
//
//   read -> plan -> start -> slots: [ being written | answered | … | not answered ] -> write
//                     | no room: wait until the data plane is ready, then the same one again
//
// At most Control::stream_window() requests are unanswered; above it the stream is not read. A
// request that cannot be carried out stops the reading, and the stream ends with its status after
// every earlier answer. It finishes only when every answer has come, also when the caller has
// gone, so nothing of it is used after that.
class BroadcastStream final {
 public:
  // Both must outlive the stream.
  BroadcastStream(Control& control, StreamTransport& transport);
  BroadcastStream(const BroadcastStream&) = delete;
  BroadcastStream& operator=(const BroadcastStream&) = delete;

  void start();

  void on_read(bool ok);                  // not ok: the caller half-closed, or has gone
  void on_refused(const Status& status);  // a request came that is not even to be looked at
  void on_written(bool ok);
  void on_cancel();  // the caller has gone

  // The server is ending: answers what was read, then ends with `status`.
  void end(const Status& status);

 private:
  using Clock = RpcStats::Clock;

  class Slot final : public BroadcastCall {
   public:
    Slot(BroadcastStream& owner, std::uint64_t request_index, std::size_t request_id_bytes,
         Clock::time_point read_at)
        : BroadcastCall(response),
          stream(owner),
          index(request_index),
          id_bytes(request_id_bytes),
          since(read_at) {}
    void answered(const Status& status) override { stream.on_answered(*this, status); }

    BroadcastStream& stream;
    const std::uint64_t index;
    const std::size_t id_bytes;  // of the request's ids, which the answer may repeat
    const Clock::time_point since;
    bool ready = false;  // the response may be written
    v1::BroadcastResponse response;
  };

  // What is to be done once the lock is released.
  struct Actions {
    bool read = false;
    const v1::BroadcastResponse* write = nullptr;
    bool more = false;
    std::optional<Status> finish;
  };

  void take_request(Result<BroadcastPlan> planned, Clock::time_point since);
  bool submit(Slot& slot);
  void resume(Slot& slot);
  void give_up(Slot& slot);
  void on_answered(Slot& slot, const Status& status);
  void act(const Actions& actions);

  // With the lock held.
  void refuse(std::uint64_t index, const Status& status);
  [[nodiscard]] bool stopping() const { return refused_ || last_; }
  [[nodiscard]] bool has_room() const;
  void next_read(Actions& actions);
  void next_write(Actions& actions);
  void next_finish(Actions& actions);

  Control& control_;
  StreamTransport& transport_;

  // Whoever handles the request that was read last; there is one at a time.
  v1::BroadcastRequest request_;
  BroadcastPlan plan_;
  std::uint64_t index_ = 0;

  std::mutex mutex_;  // guards all below
  std::deque<Slot> slots_;
  std::size_t unanswered_ = 0;  // slots whose answer has not come
  std::size_t id_bytes_ = 0;    // of all slots
  bool reading_ = false;        // a request is being read or handled
  bool writing_ = false;        // slots_.front() is being written
  std::size_t holds_ = 0;       // requests that wait for the data plane, or just stopped waiting
  bool gone_ = false;           // nobody is left to answer
  bool finished_ = false;
  std::optional<Status> refused_;  // the earliest request that cannot be carried out
  std::uint64_t refused_index_ = 0;
  std::optional<Status> last_;  // no more requests come; end with this
};

}  // namespace crier::services::control
