#include "services/control/dataplane_clients.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/control/broadcast_stream.hpp"
#include "services/control/control.hpp"
#include "tests/services/control/lone_node.hpp"
#include "tests/support/running_dataplane.hpp"

// The API's logic over the real data plane and real clients.
namespace crier::services::control {
namespace {

struct Fixture {
  explicit Fixture(const dataplane::Config& config = testing::config_of(
                       {testing::loopback_listener("first"), testing::loopback_listener("second")}))
      : running(config),
        clients(*running),
        control(clients, peers, {.listeners = config.listeners}) {}

  template <class Request, class Response>
  std::pair<Status, Response> ask(void (Control::*method)(const Request&, Response&, Control::Done),
                                  const Request& request) {
    Response response;
    testing::Answer<Status> answer;
    (control.*method)(request, response, answer.callback());
    Status status = answer.get();
    return {std::move(status), std::move(response)};
  }

  testing::RunningDataplane running;
  DataplaneClients clients;
  NoPeers peers = lone_node();
  Control control;
};

v1::BroadcastRequest payload(const std::string& text) {
  v1::BroadcastRequest request;
  request.set_payload(text);
  return request;
}

TEST(DataplaneClients, BroadcastReachesTheClientsOfTheListenerNamed) {
  Fixture f;
  const auto first = f.running.connect(0);
  const auto second = f.running.connect(1);
  auto request = payload("hello");
  request.set_listener("second");
  const auto [status, response] = f.ask(&Control::broadcast, request);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(response.matched(), 1);
  EXPECT_EQ(response.queued(), 1);
  EXPECT_EQ(second->read_line(), "hello\n");
  EXPECT_EQ(f.ask(&Control::broadcast, payload("all")).second.queued(), 2);
  EXPECT_EQ(first->read_line(), "all\n");
}

TEST(DataplaneClients, APayloadThatNoFramingCarriesIsAnInvalidArgument) {
  Fixture f;
  const auto client = f.running.connect();
  const auto [status, response] = f.ask(&Control::broadcast, payload("two\nlines"));
  EXPECT_EQ(status.code, Code::kInvalidArgument);
  EXPECT_EQ(status.reason, "PAYLOAD_UNENCODABLE");
}

TEST(DataplaneClients, ListsGetsAndDisconnectsAClient) {
  Fixture f;
  const auto stays = f.running.connect(0);
  const auto goes = f.running.connect(1);
  v1::ListClientsRequest list;
  list.set_listener("second");
  const auto page = f.ask(&Control::list_clients, list).second;
  ASSERT_EQ(page.clients_size(), 1);
  EXPECT_EQ(page.total_size(), 1);
  EXPECT_EQ(page.clients(0).remote_address(), goes->local_address());
  EXPECT_FALSE(page.clients(0).has_tcp());

  v1::GetClientRequest get;
  get.set_client_id(page.clients(0).client_id());
  const auto client = f.ask(&Control::get_client, get).second;
  EXPECT_EQ(client.listener(), "second");
  EXPECT_EQ(client.state(), v1::CLIENT_STATE_ACTIVE);
  EXPECT_TRUE(client.has_tcp());

  v1::DisconnectRequest disconnect;
  disconnect.mutable_only()->add_client_ids(get.client_id());
  disconnect.mutable_only()->add_client_ids("nobody");
  const auto gone = f.ask(&Control::disconnect, disconnect).second;
  EXPECT_EQ(gone.disconnected(), 1);
  EXPECT_EQ(gone.unknown_client_ids_size(), 1);
  EXPECT_EQ(goes->read_to_end(), "");
  goes->close();
  f.running.await_connections(1);
  EXPECT_EQ(f.ask(&Control::get_client, get).first.code, Code::kNotFound);
}

TEST(DataplaneClients, PagesShowEveryClientOnce) {
  Fixture f;
  const auto clients = f.running.connect(0, 7);
  v1::ListClientsRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto [status, page] = f.ask(&Control::list_clients, request);
    ASSERT_TRUE(status.ok());
    for (const auto& client : page.clients()) seen.push_back(client.client_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 7U);
}

TEST(DataplaneClients, AStoppedDataPlaneMakesCallsUnavailable) {
  Fixture f;
  f.running->stop();
  EXPECT_EQ(f.ask(&Control::broadcast, payload("x")).first.code, Code::kUnavailable);
}

// Sends everything it has as fast as the stream reads.
class Caller final : public StreamTransport {
 public:
  Caller(Control& control, int requests, std::string text)
      : requests_(requests), text_(std::move(text)), stream_(control, *this) {
    stream_.start();
  }
  // The calls that gRPC would make, on this thread until the stream has finished.
  Status run();

  void start_read(v1::BroadcastRequest& into) override {
    push([this, &into] { read(into); });
  }
  void start_write(const v1::BroadcastResponse& /*answer*/, bool /*more*/) override {
    push([this] {
      ++written;
      stream_.on_written(true);
    });
  }
  void finish(const Status& status) override {
    push([this, status] { ended_ = status; });
  }
  int written = 0;

 private:
  void read(v1::BroadcastRequest& into) {
    const bool ok = requests_-- > 0;
    if (ok) into.set_payload(text_);
    stream_.on_read(ok);
  }
  void push(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.notify_one();
  }

  int requests_;
  const std::string text_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::optional<Status> ended_;
  BroadcastStream stream_;
};

Status Caller::run() {
  while (!ended_) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !tasks_.empty(); });
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
  return *ended_;
}

TEST(DataplaneClients, AStreamOutlastsOverloadWithoutLosingOrder) {
  auto config = testing::config_of({testing::loopback_listener("first")});
  config.max_payload_bytes = 4'096;
  config.max_inflight_bytes = 4'096;
  Fixture f(config);
  const auto client = f.running.connect();
  constexpr int kRequests = 300;
  const std::string text(1'000, 'x');
  Caller caller(f.control, kRequests, text);
  EXPECT_TRUE(caller.run().ok());
  EXPECT_EQ(caller.written, kRequests);
  for (int i = 0; i < kRequests; ++i) ASSERT_EQ(client->read_line(), text + "\n");
}

}  // namespace
}  // namespace crier::services::control
