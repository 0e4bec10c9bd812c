#include "services/control/health/service.hpp"

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/services/control/server_fixture.hpp"

// As the server serves it.
namespace crier::services::control {
namespace {

const std::string kCheck = "/grpc.health.v1.Health/Check";
const std::string kWatch = "/grpc.health.v1.Health/Watch";
const std::string kServing = "\x08\x01";
const std::string kNotServing = "\x08\x02";
const std::string kUnknownService = "\x08\x03";

std::string request(const std::string& name) {
  return "\x0A" + std::string(1, static_cast<char>(name.size())) + name;
}

// A call whose request is sent when the test says so. Must outlive its call: end() waits.
class HealthCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  HealthCall(ServerFixture& f, const std::string& method) : generic_(f.channel) {
    generic_.PrepareBidiStreamingCall(&context_, method, {}, this);
    StartRead(&answer_);
    StartCall();
  }
  ~HealthCall() override {
    context_.TryCancel();
    done_.wait();
  }

  void ask(const std::string& raw) {
    const grpc::Slice slice(raw);
    request_ = {&slice, 1};
    StartWrite(&request_);
  }
  // The next answer, or "" after the last.
  std::string next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_ || !answers_.empty(); });
    if (answers_.empty()) return "";
    std::string answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  grpc::Status end() { return done_.get(); }
  [[nodiscard]] bool over() const {
    return done_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    std::vector<grpc::Slice> slices;
    std::string bytes;
    EXPECT_TRUE(answer_.Dump(&slices).ok());
    for (const grpc::Slice& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    {
      const std::lock_guard lock(mutex_);
      answers_.push_back(bytes);
    }
    changed_.notify_all();
    StartRead(&answer_);
  }
  void OnDone(const grpc::Status& status) override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    ended_.set_value(status);
  }

 private:
  grpc::GenericStub generic_;
  Context context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> answers_;
  bool over_ = false;
  std::promise<grpc::Status> ended_;
  std::shared_future<grpc::Status> done_{ended_.get_future().share()};
};

TEST(Health, AnswersForTheNodeAndTheApi) {
  ServerFixture f;
  EXPECT_EQ(f.call_raw(kCheck, request("")), kServing);
  EXPECT_EQ(f.call_raw(kCheck, request("crier.v1.Control")), kServing);
  EXPECT_EQ(f.try_raw(kCheck, request("other"), {}).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(f.try_raw(kCheck, "\x12\x01x", {}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(f.try_raw(kCheck, std::string(1U << 20U, '\x0A'), {}).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(Health, WatchersAreToldOfEveryChange) {
  ServerFixture f;
  HealthCall node(f, kWatch);
  HealthCall api(f, kWatch);
  HealthCall other(f, kWatch);
  node.ask("");
  api.ask(request("crier.v1.Control"));
  other.ask(request("other"));
  EXPECT_EQ(node.next(), kServing);
  EXPECT_EQ(api.next(), kServing);
  EXPECT_EQ(other.next(), kUnknownService);
  f.server.set_not_ready();
  EXPECT_EQ(node.next(), kNotServing);
  f.server.stop(std::chrono::milliseconds(0));
  EXPECT_FALSE(node.end().ok());
  EXPECT_FALSE(api.end().ok());
  EXPECT_FALSE(other.end().ok());
}

TEST(Health, OneRequestTooManyOnItsWayEndsAnOlderOne) {
  ServerFixture f;
  std::vector<std::unique_ptr<HealthCall>> silent;
  for (std::size_t i = 0; i < 2 * HealthService::kUnreadMax; ++i) {
    silent.push_back(std::make_unique<HealthCall>(f, kCheck));
  }
  // Which of them came first only the server knows.
  const auto ended = [&] {
    return std::count_if(silent.begin(), silent.end(),
                         [](const auto& call) { return call->over(); });
  };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (ended() < static_cast<long>(HealthService::kUnreadMax)) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
  for (const auto& call : silent) {
    if (call->over()) {
      EXPECT_EQ(call->end().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    } else {
      call->ask("");
      EXPECT_EQ(call->next(), kServing);
    }
  }
  EXPECT_EQ(f.call_raw(kCheck, ""), kServing);
}

TEST(Health, WatchersAreBoundedAndAPlaceIsFreeAgain) {
  ServerFixture f;
  std::vector<std::unique_ptr<HealthCall>> watchers;
  for (std::size_t i = 0; i < HealthService::kWatchersMax; ++i) {
    if (i % static_cast<std::size_t>(ServerOptions().concurrent_streams_max) == 0) {
      f.channel = f.connect();
    }
    watchers.push_back(std::make_unique<HealthCall>(f, kWatch));
    watchers.back()->ask("");
    ASSERT_EQ(watchers.back()->next(), kServing);
  }
  f.channel = f.connect();
  {
    HealthCall more(f, kWatch);
    more.ask("");
    EXPECT_EQ(more.end().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  EXPECT_EQ(f.call_raw(kCheck, ""), kServing);
  watchers.clear();
  std::string answer;
  while (answer.empty()) {
    HealthCall again(f, kWatch);
    again.ask("");
    answer = again.next();
  }
  EXPECT_EQ(answer, kServing);
}

}  // namespace
}  // namespace crier::services::control
