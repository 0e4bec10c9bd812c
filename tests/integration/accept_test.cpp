// Clients that come: too many of them, or too few file descriptors.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using AcceptTest = DataplaneTest;

std::uint64_t rejected(const Stats& stats, RejectReason reason) {
  return stats.listeners.at(0).rejected[static_cast<std::size_t>(reason)];
}

// crier's own end of a client's connection, which is in this process, too.
int accepted_socket_of(const TcpClient& client) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    sockaddr_in peer{};
    socklen_t size = sizeof(peer);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    const std::string port = ":" + std::to_string(ntohs(peer.sin_port));
    if (client.local_address().ends_with(port)) return fd;
  }
  throw std::runtime_error("no such socket");
}

int option_of(int fd, int level, int option) {
  int value = 0;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(fd, level, option, &value, &size), 0);
  return value;
}

TEST_F(AcceptTest, EveryClientsSocketHasKeepalive) {
  ListenerConfig patient = loopback_listener("patient");
  patient.write_stall = std::chrono::hours(1);
  auto& plane = start(config_of({loopback_listener(), patient}));
  const auto first = plane.connect(0);
  const auto second = plane.connect(1);
  for (const TcpClient* client : {first.get(), second.get()}) {
    const int fd = accepted_socket_of(*client);
    EXPECT_EQ(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    // Whoever has vanished without a word is noticed after two minutes.
    const int seconds =
        option_of(fd, IPPROTO_TCP, TCP_KEEPIDLE) +
        option_of(fd, IPPROTO_TCP, TCP_KEEPCNT) * option_of(fd, IPPROTO_TCP, TCP_KEEPINTVL);
    EXPECT_EQ(seconds, 120);
  }
  EXPECT_EQ(option_of(accepted_socket_of(*first), IPPROTO_TCP, TCP_USER_TIMEOUT), 120'000);
  EXPECT_EQ(option_of(accepted_socket_of(*second), IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
}

TEST_F(AcceptTest, ClientOverTheListenersBoundIsClosedAndCounted) {
  ListenerConfig small = loopback_listener("small", "echo");
  small.max_connections = 3;
  auto& plane = start(config_of({small, loopback_listener("other")}));
  auto clients = plane.connect(0, 3);
  for (std::uint64_t extra = 1; extra <= 2; ++extra) {
    EXPECT_EQ(TcpClient(plane.address()).read_to_any_end(), "");
    EXPECT_EQ(rejected(plane->stats(), RejectReason::kMaxConnections), extra);
  }
  auto elsewhere = plane.connect(1);
  clients.pop_back();
  plane.await_connections(3);
  auto next = plane.connect(0);
  next->send("room\n");
  EXPECT_EQ(next->read_line(), "room\n");
}

TEST_F(AcceptTest, ClientOverTheBoundOfItsAddressIsClosedAndCounted) {
  ListenerConfig bounded = loopback_listener("bounded", "echo");
  bounded.max_connections_per_address = 2;
  auto& plane = start(config_of({bounded, loopback_listener("other")}));
  auto clients = plane.connect(0, 2);
  auto elsewhere = plane.connect(1);
  EXPECT_EQ(TcpClient(plane.address()).read_to_any_end(), "");
  EXPECT_EQ(rejected(plane->stats(), RejectReason::kAddressLimit), 1U);
  EXPECT_EQ(plane->clients(), 3U);
  clients.pop_back();
  plane.await_connections(2);
  auto next = plane.connect(0);
  next->send("room\n");
  EXPECT_EQ(next->read_line(), "room\n");
}

// How long it takes at least follows from the rate; how long it takes at most is not asked.
TEST_F(AcceptTest, ClientsAboveTheRateWaitInTheBacklog) {
  constexpr std::size_t kClients = 45;
  ListenerConfig listener = loopback_listener("slow", "echo");
  listener.accept_rate = 30;
  auto& plane = start(listener);
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<TcpClient>> clients;
  while (clients.size() < kClients) {
    clients.push_back(std::make_unique<TcpClient>(plane.address()));
  }
  plane.await_connections(kClients);
  // A burst of 30, and 15 more.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
  plane.await_stats([](const Stats& stats) { return stats.accept_rate_limited_seconds > 0; });
  for (const auto& client : clients) client->send("x\n");
  for (const auto& client : clients) EXPECT_EQ(client->read_line(), "x\n");
}

TEST_F(AcceptTest, WhoWaitsForTheRateWhenTheListenerClosesIsTaken) {
  ListenerConfig listener = loopback_listener("slow", "echo");
  listener.accept_rate = 1;
  auto& plane = start(listener);
  std::vector<std::unique_ptr<TcpClient>> clients;
  while (clients.size() < 20) clients.push_back(std::make_unique<TcpClient>(plane.address()));
  plane.stop_accepting();
  plane.await_connections(clients.size());
}

// --- Out of file descriptors: in a process of its own, whose limit may be low.

#define REQUIRE(condition)                                               \
  if (!(condition)) {                                                    \
    std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
    std::_Exit(1);                                                       \
  }

std::uint64_t emfile(const Stats& stats) {
  return stats.accept_errors[static_cast<std::size_t>(AcceptError::kEmfile)];
}

void run_out_of_files() {
  const rlimit low{600, 600};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  RunningDataplane plane(config_of({loopback_listener("default", "echo")}));
  std::vector<std::unique_ptr<TcpClient>> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(std::make_unique<TcpClient>(TcpClient::Options{}));
  auto served = plane.connect();
  // Also because the undefined behaviour sanitizer looks at a class for the first time through a
  // pipe, for which there are no descriptors later.
  served->send("here\n");
  REQUIRE(served->read_line() == "here\n");
  std::vector<int> hoard;
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) hoard.push_back(fd);

  const auto start = std::chrono::steady_clock::now();
  for (const auto& client : clients) client->connect(plane.address());
  plane.await_stats([](const Stats& stats) { return emfile(stats) >= 5; });
  // Between five failures lie pauses of 10, 20, 40 and 80 ms at least: it does not spin.
  REQUIRE(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(150));
  const Stats stats = plane->stats();
  REQUIRE(emfile(stats) <= rejected(stats, RejectReason::kOpenFiles) + 1);
  REQUIRE(stats.accept_paused_seconds > 0);
  // Those there are are served on, and whoever was turned away knows.
  served->send("still here\n");
  REQUIRE(served->read_line() == "still here\n");
  REQUIRE(clients[0]->read_to_any_end().empty());

  for (const int fd : hoard) ::close(fd);
  plane.await_stats([](const Stats& now) { return now.shards.connections >= 2; });
  clients.back()->send("at last\n");
  REQUIRE(clients.back()->read_line() == "at last\n");
  plane->stop();
  REQUIRE(conservation_problem(plane->stats()).empty());
  std::_Exit(0);
}

TEST(AcceptDeathTest, RunningOutOfFileDescriptorsTurnsClientsAwayWithoutSpinning) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_out_of_files(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace crier::testing
