// Very many clients; they live in a process of their own (tests/support/fleet.cpp).
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

constexpr std::size_t kFrameBytes = 64;

// The other process; closed and awaited at the end.
class Fleet {
 public:
  Fleet(std::string address, std::size_t clients, std::size_t frames) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("pipe");
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<std::string> words{CRIER_FLEET, std::move(address), std::to_string(clients),
                                   std::to_string(frames), std::to_string(kFrameBytes)};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int error = ::posix_spawn(&pid_, CRIER_FLEET, &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = ::fdopen(out[0], "r");
    if (error != 0) throw std::runtime_error("cannot start " CRIER_FLEET);
  }
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;
  ~Fleet() {
    ::close(input_);
    ::fclose(output_);
    ::waitpid(pid_, nullptr, 0);
  }

  // Its next line; it gives up by itself where it waits in vain.
  std::string say() {
    std::array<char, 512> line{};
    if (std::fgets(line.data(), line.size(), output_) == nullptr) return "(gone)";
    return line.data();
  }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  std::FILE* output_ = nullptr;
};

using FleetTest = DataplaneTest;

TEST_F(FleetTest, EveryOneOfTenThousandClientsGetsAThousandBroadcastsInOrder) {
  const std::size_t clients = scaled(10'000);
  constexpr std::size_t kFrames = 1'000;  // the default queue holds so many
  auto& plane = start(loopback_listener());
  Fleet fleet(plane.address(), clients, kFrames);
  ASSERT_EQ(fleet.say(), "connected\n");
  plane.await_connections(clients);
  std::atomic<std::uint64_t> answered{0};
  std::atomic<std::uint64_t> queued{0};
  for (std::size_t i = 0; i < kFrames; ++i) {
    Broadcast broadcast;
    broadcast.payload = stamped(i, kFrameBytes - 1);
    const Submit submit = plane->broadcast(broadcast, [&](const BroadcastResult& r) {
      queued += r.queued;
      ++answered;
    });
    ASSERT_EQ(submit, Submit::kAccepted);
    if (i % 50 == 0) {
      EXPECT_EQ(conservation_problem(plane->stats()), "");
    }
  }
  EXPECT_EQ(fleet.say(), "ok\n");
  EXPECT_TRUE(await([&] { return answered == kFrames; }));
  EXPECT_EQ(queued, clients * kFrames);
  plane.await_stats([&](const Stats& s) { return s.shards.sent_frames == clients * kFrames; });
  EXPECT_EQ(total(plane->stats().shards.dropped), 0U);
}

}  // namespace
}  // namespace crier::testing
