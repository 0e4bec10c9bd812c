// Pages of clients, one client, and names that never come back.
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using ListingTest = DataplaneTest;

ListRequest pages_of(std::uint32_t size, std::uint32_t scan_max = 10'000) {
  ListRequest request;
  request.page_size = size;
  request.scan_max = scan_max;
  return request;
}

std::set<std::string> addresses(const std::vector<std::unique_ptr<TcpClient>>& clients) {
  std::set<std::string> all;
  for (const auto& client : clients) all.insert(client->local_address());
  return all;
}

TEST_F(ListingTest, PagesOfAnySizeNameEveryClientOnce) {
  auto& plane = start(loopback_listener());
  const auto clients = plane.connect(0, 23);
  for (const std::uint32_t size : {1U, 2U, 7U, 23U, 100U}) {
    ListRequest request = pages_of(size);
    std::set<std::string> seen;
    std::size_t entries = 0;
    for (;;) {
      const ListPage page = plane.list(request);
      EXPECT_LE(page.clients.size(), size);
      entries += page.clients.size();
      for (const ClientInfo& info : page.clients) seen.insert(info.remote_address);
      if (!page.next) break;
      request.from = *page.next;
    }
    EXPECT_EQ(seen, addresses(clients)) << "pages of " << size;
    EXPECT_EQ(entries, clients.size()) << "pages of " << size;
  }
}

TEST_F(ListingTest, ScanBoundGivesShortPagesThatMissNobody) {
  auto& plane = start(loopback_listener());
  auto leaving = plane.connect(0, 40);
  const auto clients = plane.connect(0, 6);
  leaving.clear();
  plane.await_connections(6);
  EXPECT_LE(plane.list(pages_of(100, 3)).clients.size(), 6U);
  EXPECT_TRUE(plane.list(pages_of(100, 3)).next.has_value()) << "46 slots were in use";
  EXPECT_EQ(plane.list_all(pages_of(100, 3)).size(), 6U);
}

TEST_F(ListingTest, ListenerFilterShowsItsClientsOnly) {
  auto& plane = start(config_of({loopback_listener("a"), loopback_listener("b")}));
  const auto a = plane.connect(0, 3);
  const auto b = plane.connect(1, 5);
  ListRequest request = pages_of(2);
  request.listener = 1;
  const auto listed = plane.list_all(request);
  EXPECT_EQ(listed.size(), 5U);
  for (const ClientInfo& info : listed) EXPECT_TRUE(addresses(b).contains(info.remote_address));
  EXPECT_EQ(plane->clients(), 8U);
  EXPECT_EQ(plane->clients(ListenerIndex{0}), 3U);
}

TEST_F(ListingTest, ClientThatStaysIsListedOnceWhileOthersComeAndGo) {
  auto& plane = start(loopback_listener());
  const auto staying = plane.connect(0, 30);
  std::atomic<bool> enough{false};
  std::jthread churn([&] {
    const std::string address = plane.address();
    while (!enough) {
      std::vector<std::unique_ptr<TcpClient>> brief;
      for (int i = 0; i < 10; ++i) brief.push_back(std::make_unique<TcpClient>(address));
    }
  });
  for (int round = 0; round < 30; ++round) {
    std::map<std::string, int> times;
    for (const ClientInfo& info : plane.list_all(pages_of(4))) ++times[to_string(info.id)];
    std::map<std::string, int> of_address;
    for (const ClientInfo& info : plane.list_all(pages_of(3))) ++of_address[info.remote_address];
    for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
    for (const std::string& address : addresses(staying)) EXPECT_EQ(of_address[address], 1);
  }
  enough = true;
}

TEST_F(ListingTest, GetTellsWhatAClientDidAndHowTcpIs) {
  auto& plane = start(loopback_listener("default", "echo"));
  auto client = plane.connect();
  const ClientId id = plane.id_of(*client);
  EXPECT_FALSE(plane.get(id)->last_send_time.has_value());
  client->send("hello\n");
  EXPECT_EQ(client->read_line(), "hello\n");
  (void)plane.broadcast("news");
  EXPECT_EQ(client->read_line(), "news\n");
  const auto info = plane.get(id);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->id, id);
  EXPECT_EQ(info->remote_address, client->local_address());
  EXPECT_EQ(info->state, ClientState::kActive);
  EXPECT_EQ(info->received_frames, 1U);
  EXPECT_EQ(info->received_bytes, 6U);
  EXPECT_EQ(info->offered_frames, 2U);
  EXPECT_EQ(info->sent_frames, 2U);
  EXPECT_EQ(info->sent_bytes, 11U);
  EXPECT_EQ(info->queued_frames, 0U);
  EXPECT_TRUE(info->last_send_time && info->last_receive_time);
  ASSERT_TRUE(info->tcp.has_value());
  EXPECT_EQ(info->tcp->retransmits, 0U);
  EXPECT_FALSE(plane.list_all().at(0).tcp.has_value()) << "a listing does not ask the kernel";
}

TEST_F(ListingTest, IdsAreNeverUsedAgain) {
  auto& plane = start(loopback_listener());
  std::set<std::string> ids;
  std::optional<ClientId> before;
  for (int i = 0; i < 20; ++i) {
    auto client = plane.connect();
    const ClientId id = plane.id_of(*client);
    EXPECT_TRUE(ids.insert(to_string(id)).second);
    EXPECT_TRUE(plane.get(id).has_value());
    if (before) {
      EXPECT_FALSE(plane.get(*before).has_value()) << "that client has gone";
    }
    before = id;
    client.reset();
    plane.await_connections(0);
  }
}

TEST_F(ListingTest, StrangeIdsAreNobody) {
  auto& plane = start(loopback_listener());
  auto client = plane.connect();
  ClientId id = plane.id_of(*client);
  for (ClientId strange : {ClientId{id.incarnation + 1, id.slot, id.shard, id.serial},
                           ClientId{id.incarnation, id.slot + 1'000'000, id.shard, id.serial},
                           ClientId{id.incarnation, id.slot, 99, id.serial},
                           ClientId{id.incarnation, id.slot, id.shard, id.serial + 1}}) {
    EXPECT_FALSE(plane.get(strange).has_value());
  }
}

}  // namespace
}  // namespace crier::testing
