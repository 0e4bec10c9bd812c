#include "services/crierctl/broadcast_stream.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <utility>

#include "services/crierctl/control.hpp"
#include "tests/services/crierctl/fake_server.hpp"

namespace crier::services::crierctl {
namespace {

using namespace std::chrono_literals;
using Peer = grpc::ServerReaderWriter<v1::BroadcastResponse, v1::BroadcastRequest>;

// Serves BroadcastStream on a free loopback port with what a test puts in its place.
class FakeControl final : public v1::Control::Service {
 public:
  using Behaviour = std::function<grpc::Status(Peer&)>;

  explicit FakeControl(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}

  [[nodiscard]] GlobalOptions options() const { return server_.options(); }

 private:
  grpc::Status BroadcastStream(grpc::ServerContext* /*context*/, Peer* peer) override {
    return behaviour_(*peer);
  }

  const Behaviour behaviour_;
  const FakeServer server_{*this};
};

v1::BroadcastRequest request_of(std::string payload) {
  v1::BroadcastRequest request;
  request.set_payload(std::move(payload));
  return request;
}

v1::BroadcastResponse matched(std::int64_t count) {
  v1::BroadcastResponse response;
  response.set_matched(count);
  response.set_queued(count);
  return response;
}

grpc::Status answer_each(Peer& peer) {
  v1::BroadcastRequest request;
  while (peer.Read(&request)) {
    peer.Write(matched(static_cast<std::int64_t>(request.payload().size())));
  }
  return grpc::Status::OK;
}

TEST(BroadcastStream, AddsUpTheAnswers) {
  FakeControl server(answer_each);
  Control control(server.options());
  BroadcastStream stream(control.stub(), 10s, [] {});
  constexpr int kRequests = 3'000;  // several windows
  for (int i = 0; i < kRequests; ++i) ASSERT_TRUE(stream.send(request_of("ab")));
  EXPECT_TRUE(stream.finish().ok());
  EXPECT_EQ(stream.answered(), kRequests);
  EXPECT_EQ(stream.totals().sum.matched(), 2 * kRequests);
}

TEST(BroadcastStream, EndsWithNothingSent) {
  FakeControl server(answer_each);
  Control control(server.options());
  BroadcastStream stream(control.stub(), 10s, [] {});
  EXPECT_TRUE(stream.finish().ok());
  EXPECT_EQ(stream.answered(), 0);
}

// Sends `fits` requests like `request` to a server that answers none of them until one more send()
// was seen to wait. Returns whether it waited.
bool waits_after(int fits, const v1::BroadcastRequest& request) {
  std::promise<void> waited;
  FakeControl server([&](Peer& peer) {
    v1::BroadcastRequest received;
    for (int i = 0; i < fits; ++i) peer.Read(&received);
    waited.get_future().wait();
    for (int i = 0; i < fits; ++i) peer.Write(matched(1));
    return answer_each(peer);
  });
  Control control(server.options());
  bool full = false;
  bool seen = false;
  BroadcastStream stream(control.stub(), 60s, [&] {
    if (full && !std::exchange(seen, true)) waited.set_value();
  });
  for (int i = 0; i < fits; ++i) EXPECT_TRUE(stream.send(request));
  full = true;
  EXPECT_TRUE(stream.send(request));
  full = false;
  if (!seen) waited.set_value();
  EXPECT_TRUE(stream.finish().ok());
  EXPECT_EQ(stream.answered(), fits + 1);
  return seen;
}

TEST(BroadcastStream, BoundsTheRequestsUnanswered) {
  EXPECT_TRUE(waits_after(BroadcastStream::kWindowRequests, request_of("a")));
}

TEST(BroadcastStream, BoundsTheBytesUnanswered) {
  EXPECT_TRUE(waits_after(4, request_of(std::string(BroadcastStream::kWindowBytes / 4, 'x'))));
}

TEST(BroadcastStream, KeepsTheAnswersBeforeAnError) {
  FakeControl server([](Peer& peer) {
    v1::BroadcastRequest request;
    for (int i = 0; i < 5; ++i) {
      peer.Read(&request);
      peer.Write(matched(1));
    }
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "request 5");
  });
  Control control(server.options());
  BroadcastStream stream(control.stub(), 10s, [] {});
  int sent = 0;
  while (stream.send(request_of("a"))) ++sent;
  EXPECT_GE(sent, 5);
  const grpc::Status status = stream.finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(stream.totals().sum.matched(), 5);
}

TEST(BroadcastStream, GivesUpWhenNoAnswerComes) {
  FakeControl server([](Peer& peer) {
    v1::BroadcastRequest request;
    while (peer.Read(&request)) {
    }
    return grpc::Status::OK;
  });
  Control control(server.options());
  BroadcastStream stream(control.stub(), 50ms, [] {});
  while (stream.send(request_of("a"))) {
  }
  EXPECT_EQ(stream.finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST(BroadcastStream, StopsWaitingForInputWhenTheCallEnds) {
  FakeControl server([](Peer&) { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone"); });
  Control control(server.options());
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  BroadcastStream stream(control.stub(), 10s, [] {});
  EXPECT_FALSE(stream.wait_for_input(pipe_ends[0]));  // nothing was ever written
  EXPECT_EQ(stream.finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(BroadcastStream, SeesInputThatIsThere) {
  FakeControl server(answer_each);
  Control control(server.options());
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  ASSERT_EQ(write(pipe_ends[1], "x", 1), 1);
  BroadcastStream stream(control.stub(), 10s, [] {});
  EXPECT_TRUE(stream.wait_for_input(pipe_ends[0]));
  EXPECT_TRUE(stream.finish().ok());
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(BroadcastStream, FailsWhereNothingListens) {
  GlobalOptions nowhere;
  {
    FakeControl server(answer_each);
    nowhere = server.options();
  }
  Control control(nowhere);
  BroadcastStream stream(control.stub(), 10s, [] {});
  while (stream.send(request_of("a"))) {
  }
  EXPECT_EQ(stream.finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace crier::services::crierctl
