// Clients that come, talk and go, over and over: what the process holds does not grow with them.
// Replaces operator new and OpenSSL's allocator, so it stands alone.
#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/listener_setup.hpp"
#include "tests/support/live_bytes.hpp"
#include "tests/support/open_files.hpp"
#include "tests/support/running_dataplane.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

// --- What OpenSSL has allocated: it asks malloc, not operator new.

std::atomic<std::int64_t> openssl_bytes{0};

void* counted(void* block) {
  if (block != nullptr) openssl_bytes += static_cast<std::int64_t>(malloc_usable_size(block));
  return block;
}
void* allocate(std::size_t bytes, const char*, int) {
  return counted(std::malloc(bytes));
}
void release(void* block, const char*, int) {
  if (block != nullptr) openssl_bytes -= static_cast<std::int64_t>(malloc_usable_size(block));
  std::free(block);
}
void* reallocate(void* block, std::size_t bytes, const char*, int) {
  if (block != nullptr) openssl_bytes -= static_cast<std::int64_t>(malloc_usable_size(block));
  return counted(std::realloc(block, bytes));
}

std::int64_t held_bytes() {
  return live_bytes() + openssl_bytes;
}

// --- The rounds.

constexpr std::size_t kClients = 40;
// In all rounds together, for what grows as chance has it. Eight bytes lost with each of the 2,240
// connections are more, whatever the allocator adds.
constexpr std::int64_t kGrowthBytesMax = 16 << 10;

class LeakTest : public ::testing::TestWithParam<const ListenerSetup*> {
 protected:
  LeakTest()
      : plane_(config(), [this](Dataplane& plane) {
          if (setup_.prepare) setup_.prepare(plane, 0);
        }) {}

  static Config config() {
    const ListenerSetup& setup = *GetParam();
    ListenerConfig listener = loopback_listener("default", "echo", setup.framing);
    listener.max_frame_bytes = kFrameBytesMax;
    listener.handshake_timeout = kPatience;
    setup.adjust(listener);
    return config_of({listener});
  }

  void await_payloads(FaultClient& client, std::size_t count) {
    EXPECT_TRUE(await([&] {
      count -= std::min(count, client.arrived().size());
      return count == 0;
    }));
  }
  // Everybody comes, says something and hears that and a broadcast. Then half of them end, and half
  // of them break; and as many only begin to come.
  void round() {
    {
      std::vector<std::unique_ptr<FaultClient>> clients;
      while (clients.size() < kClients) {
        clients.push_back(setup_.connect(plane_.address(), 0));
      }
      plane_.await_connections(kClients);
      for (const auto& client : clients) client->send(payload_);
      EXPECT_EQ(plane_.broadcast(payload_).queued, kClients);
      for (const auto& client : clients) await_payloads(*client, 2);
      for (std::size_t i = 0; i < kClients; i += 2) {
        const linger hard{1, 0};
        ::setsockopt(clients[i]->fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
      }
    }
    const std::string opening = setup_.opening();
    for (std::size_t i = 0; i < kClients; ++i) {
      TcpClient client(plane_.address());
      client.send(opening.substr(0, i % (opening.size() + 1)));
    }
    ended_ += 2 * kClients;
    plane_.await_stats([this](const Stats& stats) {
      std::uint64_t ended = closed(stats);
      for (const std::uint64_t count : stats.listeners[0].rejected) ended += count;
      return ended == ended_ && stats.listeners[0].handshaking == 0;
    });
  }

  const ListenerSetup& setup_ = *GetParam();
  const std::string payload_ =
      std::string(setup_.payload_bytes > 0 ? setup_.payload_bytes : 200, 'p');
  RunningDataplane plane_;
  std::uint64_t ended_ = 0;
};

TEST_P(LeakTest, WhoComesAndGoesLeavesNothing) {
  // What is kept for good is there after the first of them.
  for (int i = 0; i < 2; ++i) round();
  const std::int64_t bytes = held_bytes();
  const std::size_t files = open_files();
  const std::size_t rounds = scaled(28);
  for (std::size_t i = 0; i < rounds; ++i) round();
  EXPECT_TRUE(await([&] { return held_bytes() <= bytes + kGrowthBytesMax; }))
      << held_bytes() - bytes << " bytes more after " << 2 * kClients * rounds << " connections";
  EXPECT_EQ(open_files(), files);
  RecordProperty("grown_bytes", std::to_string(held_bytes() - bytes));
}

std::vector<const ListenerSetup*> every_setup() {
  std::vector<const ListenerSetup*> all;
  for (const ListenerSetup& setup : listener_setups()) all.push_back(&setup);
  return all;
}

INSTANTIATE_TEST_SUITE_P(, LeakTest, ::testing::ValuesIn(every_setup()),
                         [](const ::testing::TestParamInfo<const ListenerSetup*>& i) {
                           return i.param->name;
                         });

}  // namespace
}  // namespace crier::testing

int main(int argc, char** argv) {
  using namespace crier::testing;
  // Before OpenSSL has allocated anything.
  if (::CRYPTO_set_mem_functions(&allocate, &reallocate, &release) != 1) return 1;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
