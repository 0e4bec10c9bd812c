// The fault proxy itself: each of its faults, seen from both ends.
#include "tests/support/fault_proxy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <thread>

#include "tests/support/deadline.hpp"
#include "tests/support/open_files.hpp"
#include "tests/support/tcp_server.hpp"

namespace crier::testing {
namespace {

using End = DirectionPlan::End;

class FaultProxyTest : public ::testing::Test {
 protected:
  void TearDown() override {
    client_.reset();
    peer_.reset();
    proxy_.reset();
    server_.reset();
    EXPECT_EQ(open_files(), files_before_);
  }

  // A client and the server's end of its connection, with the proxy between them.
  void connect(const FaultPlan& plan, int socket_buffer_bytes = 0) {
    server_ = std::make_unique<TcpServer>();
    proxy_ = std::make_unique<FaultProxy>(server_->address(), plan,
                                          FaultProxy::Options{socket_buffer_bytes});
    client_ = std::make_unique<TcpClient>(proxy_->address());
    peer_ = server_->accept();
  }
  void await_counts(const std::function<bool(const FaultProxy::Counts&)>& condition) {
    EXPECT_TRUE(await([&] { return condition(proxy_->counts()); }));
  }
  // Sends from `source` until nothing more is taken for as long as it takes a proxy that reads to
  // make room; returns how much was.
  static std::uint64_t fill(TcpClient& source, const FaultProxy& proxy) {
    std::uint64_t sent = 0;
    const std::string chunk(64 << 10, 'f');
    for (int quiet = 0; quiet < 50;) {
      const std::size_t taken = source.send_some(chunk);
      sent += taken;
      quiet = taken > 0 || proxy.counts().paused == 0 ? 0 : quiet + 1;
      (void)await([] { return false; }, Deadline(std::chrono::milliseconds(1)));
    }
    return sent;
  }

  std::unique_ptr<TcpServer> server_;
  std::unique_ptr<FaultProxy> proxy_;
  std::unique_ptr<TcpClient> client_;
  std::unique_ptr<TcpClient> peer_;

 private:
  const std::size_t files_before_ = open_files();
};

std::string pattern(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text.push_back(static_cast<char>('a' + text.size() * 7 % 26));
  return text;
}

bool is_reset(TcpClient& end) {
  try {
    while (!end.read(1).empty()) {
    }
    return false;
  } catch (const std::system_error& error) {
    return error.code().value() == ECONNRESET;
  }
}

TEST_F(FaultProxyTest, WithoutAPlanItPassesEverythingOn) {
  connect({});
  const std::string much = pattern(300'000);
  client_->send("question");
  EXPECT_EQ(peer_->read(8), "question");
  std::thread sender([&] { peer_->send(much); });
  EXPECT_EQ(client_->read(much.size()), much);
  sender.join();
  client_->finish();
  EXPECT_EQ(peer_->read_to_end(), "");
  peer_->send("after the end");
  peer_->finish();
  EXPECT_EQ(client_->read_to_end(), "after the end");
  await_counts([](const auto& counts) { return counts.open == 0; });
  EXPECT_EQ(proxy_->counts().to_client_bytes, much.size() + 13);
  EXPECT_EQ(proxy_->counts().to_server_bytes, 8U);
}

TEST_F(FaultProxyTest, AResetReachesTheOtherEnd) {
  connect({});
  client_->reset();
  EXPECT_TRUE(is_reset(*peer_));
}

TEST_F(FaultProxyTest, SlicesAndDelaysChangeNoByte) {
  FaultPlan plan;
  plan.to_server = {.slice_bytes = 3, .delay = std::chrono::microseconds(100)};
  plan.to_client = {.slice_bytes = 1, .paced_from = 10, .paced_until = 500};
  connect(plan);
  const std::string text = pattern(2'000);
  const auto began = std::chrono::steady_clock::now();
  client_->send(text);
  EXPECT_EQ(peer_->read(text.size()), text);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 667 * plan.to_server.delay);
  EXPECT_GE(proxy_->counts().pieces, 667U);
  const std::uint64_t before = proxy_->counts().pieces;
  peer_->send(text);
  EXPECT_EQ(client_->read(text.size()), text);
  EXPECT_GE(proxy_->counts().pieces - before, 490U);
}

TEST_F(FaultProxyTest, CorruptsOneByteOfAWholeStream) {
  FaultPlan plan;
  plan.to_server.corrupt_at = 777;
  plan.to_server.flip = 0x20;
  connect(plan);
  std::string text = pattern(50'000);
  client_->send(text);
  text[777] ^= 0x20;
  EXPECT_EQ(peer_->read(text.size()), text);
}

TEST_F(FaultProxyTest, AStalledDirectionIsNotReadAndGoesOnWhereItWas) {
  FaultPlan plan;
  plan.to_server = {.end = End::kStall, .end_at = 5};
  connect(plan, 8 << 10);
  const std::string first = "first";
  client_->send(first);
  EXPECT_EQ(peer_->read(5), first);
  await_counts([](const auto& counts) { return counts.paused == 1; });
  peer_->send("the other way is open");
  EXPECT_EQ(client_->read(21), "the other way is open");

  const std::uint64_t sent = fill(*client_, *proxy_);
  EXPECT_EQ(proxy_->counts().to_server_bytes, 5U);
  EXPECT_LT(sent, 16U << 20U) << "it must end somewhere";
  proxy_->release();
  EXPECT_EQ(peer_->read(sent), std::string(sent, 'f'));
}

TEST_F(FaultProxyTest, AllStandsStillFromStallToRelease) {
  connect({});
  client_->send("a");
  EXPECT_EQ(peer_->read(1), "a");
  proxy_->stall();
  client_->send("b");
  peer_->send("c");
  client_->finish();
  await_counts([](const auto& counts) { return counts.paused == 2; });
  EXPECT_EQ(peer_->read_available(), "");
  EXPECT_EQ(client_->read_available(), "");
  proxy_->release();
  EXPECT_EQ(peer_->read_to_end(), "b");
  EXPECT_EQ(client_->read(1), "c");
}

TEST_F(FaultProxyTest, ABlackholeTakesAllAndTellsNobody) {
  FaultPlan plan;
  plan.to_server = {.end = End::kBlackhole, .end_at = 4};
  connect(plan);
  client_->send("seen and not heard");
  EXPECT_EQ(peer_->read(4), "seen");
  await_counts([](const auto& counts) { return counts.swallowed_bytes == 14; });
  client_->finish();
  peer_->send("still there?");
  EXPECT_EQ(client_->read(12), "still there?");
  EXPECT_EQ(peer_->read_available(), "");
  EXPECT_EQ(proxy_->counts().open, 1U);
}

TEST_F(FaultProxyTest, AHalfCloseEndsOneDirection) {
  FaultPlan plan;
  plan.to_server = {.end = End::kHalfClose, .end_at = 3};
  connect(plan);
  client_->send("one and more");
  EXPECT_EQ(peer_->read_to_end(), "one");
  peer_->send("answer");
  EXPECT_EQ(client_->read(6), "answer");
}

TEST_F(FaultProxyTest, ResetsWhomThePlanNames) {
  struct Case {
    End end;
    bool client;
    bool server;
  };
  for (const Case& c : {Case{End::kReset, true, true}, Case{End::kResetSource, true, false},
                        Case{End::kResetTarget, false, true}}) {
    FaultPlan plan;
    plan.to_server = {.end = c.end, .end_at = 2};
    connect(plan);
    client_->send("abc");
    EXPECT_EQ(is_reset(*client_), c.client) << static_cast<int>(c.end);
    EXPECT_EQ(is_reset(*peer_), c.server) << static_cast<int>(c.end);
  }
}

TEST_F(FaultProxyTest, ResetsEverybodyAtOnce) {
  connect({});
  auto second = std::make_unique<TcpClient>(proxy_->address());
  auto second_peer = server_->accept();
  proxy_->reset_all();
  EXPECT_EQ(proxy_->counts().open, 0U);
  for (TcpClient* end : {client_.get(), peer_.get(), second.get(), second_peer.get()}) {
    EXPECT_TRUE(is_reset(*end));
  }
}

TEST_F(FaultProxyTest, AServerThatIsNotThereResetsTheClient) {
  server_ = std::make_unique<TcpServer>();
  proxy_ = std::make_unique<FaultProxy>(server_->address(), FaultPlan());
  server_.reset();
  try {
    client_ = std::make_unique<TcpClient>(proxy_->address());
    EXPECT_TRUE(is_reset(*client_));
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ECONNRESET) << "so early that connecting noticed";
  }
}

TEST_F(FaultProxyTest, APlanFollowsFromItsSeed) {
  std::mt19937_64 one(7);
  std::mt19937_64 same(7);
  std::set<int> ends;
  for (int i = 0; i < 200; ++i) {
    const FaultPlan plan = random_plan(one, 1'000);
    const FaultPlan again = random_plan(same, 1'000);
    EXPECT_EQ(plan.to_server.end, again.to_server.end);
    EXPECT_EQ(plan.to_server.end_at, again.to_server.end_at);
    EXPECT_EQ(plan.to_client.corrupt_at, again.to_client.corrupt_at);
    ends.insert(static_cast<int>(plan.to_client.end));
  }
  EXPECT_EQ(ends.size(), 7U) << "every end comes up";
}

}  // namespace
}  // namespace crier::testing
