#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/control/broadcast_stream.hpp"
#include "tests/services/control/control_fixture.hpp"

// Streams as gRPC drives them: reactions on several threads, answers from another, and the stream
// destroyed as soon as it finished and its last reaction returned.
namespace crier::services::control {
namespace {

class Pool {
 public:
  explicit Pool(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  void post(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// A caller that sends `requests` and half-closes, unless it is told to go away before.
class Caller final : public StreamTransport {
 public:
  Caller(Control& control, Pool& pool, int requests, int window)
      : pool_(pool), requests_(requests), window_(window) {
    stream_ = std::make_unique<BroadcastStream>(control, *this);
    stream_->start();
    unhold();
  }

  void start_read(v1::BroadcastRequest& into) override {
    hold();
    pool_.post([this, &into] {
      const bool ok = !gone_ && !finished_ && sent_ < requests_;
      if (ok) {
        EXPECT_LT(sent_ - written_, window_);
        into.Clear();
        into.mutable_only()->add_client_ids(std::to_string(sent_++));
      }
      stream_->on_read(ok);
      unhold();
    });
  }
  void start_write(const v1::BroadcastResponse& answer, bool /*more*/) override {
    hold();
    EXPECT_EQ(answer.unknown_client_ids(0), std::to_string(written_.load()));
    pool_.post([this] {
      const bool ok = !gone_;
      if (ok) ++written_;
      stream_->on_written(ok);
      unhold();
    });
  }
  void finish(const Status& status) override {
    code = status.code;
    finished_ = true;
    pool_.post([this] { unhold(); });
  }

  void cancel() {
    gone_ = true;
    if (!try_hold()) return;
    pool_.post([this] {
      stream_->on_cancel();
      unhold();
    });
  }
  // As a server does it: nothing may be destroyed meanwhile.
  void end() {
    const std::lock_guard lock(mutex_);
    if (!done_) stream_->end(shutting_down());
  }
  void await_done() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }

  [[nodiscard]] int written() const { return written_; }
  std::atomic<Code> code{Code::kUnknown};

 private:
  void hold() { ++holds_; }
  bool try_hold() {
    int holds = holds_;
    while (holds > 0 && !holds_.compare_exchange_weak(holds, holds + 1)) {
    }
    return holds > 0;
  }
  void unhold() {
    if (--holds_ > 0) return;
    const std::lock_guard lock(mutex_);
    stream_.reset();
    done_ = true;
    changed_.notify_all();
  }

  Pool& pool_;
  const int requests_;
  const int window_;
  std::atomic<int> sent_{0};
  std::atomic<int> written_{0};
  std::atomic<bool> gone_{false};
  std::atomic<bool> finished_{false};
  std::atomic<int> holds_{2};  // its construction and its finish
  std::unique_ptr<BroadcastStream> stream_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

TEST(BroadcastStreamThreads, ManyStreamsKeepOrderAndWindow) {
  for (const int window : {1, 2, 7}) {
    Pool pool(3);
    ControlFixture f(1U << 20U, static_cast<std::size_t>(window));
    f.fake.answer_from_thread();
    std::vector<std::unique_ptr<Caller>> callers;
    for (int i = 0; i < 4; ++i) {
      callers.push_back(std::make_unique<Caller>(f.control, pool, 300, window));
    }
    for (int i = 0; i < 50; ++i) {
      f.fake.set_overloaded();
      f.fake.set_ready();
    }
    for (auto& caller : callers) {
      caller->await_done();
      EXPECT_EQ(caller->code, Code::kOk);
      EXPECT_EQ(caller->written(), 300);
    }
  }
}

TEST(BroadcastStreamThreads, CallersMayGoAndServersEndAtAnyMoment) {
  Pool pool(3);
  ControlFixture f(1U << 20U, 3);
  f.fake.answer_from_thread();
  for (int round = 0; round < 150; ++round) {
    f.fake.refuse_next(dataplane::Submit::kOverloaded, round % 3);
    Caller goes(f.control, pool, 100, 3);
    Caller ended(f.control, pool, 1'000'000, 3);
    while (goes.written() < round % 5 && goes.code == Code::kUnknown) std::this_thread::yield();
    goes.cancel();
    ended.end();
    goes.await_done();
    ended.await_done();
    EXPECT_EQ(ended.code, Code::kUnavailable);
  }
  const auto snapshot = f.control.stats().snapshot();
  EXPECT_EQ(snapshot.methods[static_cast<std::size_t>(Method::kBroadcastStream)].in_flight, 0U);
}

}  // namespace
}  // namespace crier::services::control
