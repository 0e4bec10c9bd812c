#include "dataplane/connection/ring_sockets.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dataplane/listener/file_descriptor.hpp"
#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

struct Pair {
  FileDescriptor ours;
  FileDescriptor theirs;
};

Pair connected_pair() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds.data()) != 0) {
    throw std::runtime_error("socketpair");
  }
  return {FileDescriptor(fds[0]), FileDescriptor(fds[1])};
}

void fill(int fd) {
  const std::string much(1U << 16U, 'x');
  while (::send(fd, much.data(), much.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }
}

std::string read_all(int fd) {
  std::string all(1U << 10U, '\0');
  const ssize_t n = ::recv(fd, all.data(), all.size(), MSG_DONTWAIT);
  all.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return all;
}

// As many sockets as fit a batch; sends each its number.
class Batch {
 public:
  Batch() {
    for (std::size_t i = 0; i < Sockets::kSendsMax; ++i) {
      pairs.push_back(connected_pair());
      texts.push_back("message " + std::to_string(i));
    }
  }

  void send(Sockets& sockets) {
    sends.clear();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      sends.push_back({pairs[i].ours.get(), {texts[i].data(), texts[i].size()}, {}});
    }
    sockets.send_all(sends);
  }

  void expect_delivered(std::size_t i) {
    EXPECT_EQ(sends[i].result.error, 0) << i;
    EXPECT_EQ(sends[i].result.bytes, texts[i].size()) << i;
    EXPECT_EQ(read_all(pairs[i].theirs.get()), texts[i]);
  }

  std::vector<Pair> pairs;
  std::vector<std::string> texts;
  std::vector<Sockets::Send> sends;
};

// From now on this thread gets `error` from io_uring_setup(2), as in most containers.
void refuse_rings(std::uint32_t error) {
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{program.size(), program.data()};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

// Where this machine has no rings there is nothing to test but the way without.
std::unique_ptr<Sockets> ring_or_plain() {
  std::unique_ptr<Sockets> ring = RingSockets::make();
  return ring ? std::move(ring) : std::make_unique<SystemSockets>();
}

TEST(RingSockets, SendsAWholeBatchTimeAfterTime) {
  const auto sockets = ring_or_plain();
  Batch batch;
  for (int round = 0; round < 3; ++round) {
    batch.send(*sockets);
    for (std::size_t i = 0; i < batch.pairs.size(); ++i) batch.expect_delivered(i);
  }
}

TEST(RingSockets, SaysWhatPlainSendsWouldSay) {
  const auto sockets = ring_or_plain();
  Batch batch;
  fill(batch.pairs[7].ours.get());
  batch.pairs[8].theirs.reset();
  batch.pairs[9].ours.reset();
  batch.send(*sockets);
  EXPECT_TRUE(batch.sends[7].result.would_block());
  EXPECT_EQ(batch.sends[7].result.bytes, 0U);
  EXPECT_EQ(batch.sends[8].result.error, EPIPE);
  EXPECT_EQ(batch.sends[9].result.error, EBADF);
  for (std::size_t i = 10; i < batch.pairs.size(); ++i) batch.expect_delivered(i);
}

TEST(RingSockets, AFullSocketTakesAPart) {
  const auto sockets = ring_or_plain();
  Batch batch;
  std::string much(64U << 20U, 'x');
  batch.texts[3] = much;
  batch.send(*sockets);
  EXPECT_EQ(batch.sends[3].result.error, 0);
  EXPECT_GT(batch.sends[3].result.bytes, 0U);
  EXPECT_LT(batch.sends[3].result.bytes, much.size());
}

TEST(RingSockets, GoesOnWithoutARingThatFails) {
  const std::unique_ptr<Sockets> sockets = RingSockets::make();
  if (!sockets) return;  // nothing that could fail
  Batch batch;
  std::thread owner([&] { batch.send(*sockets); });
  owner.join();
  for (std::size_t i = 0; i < batch.pairs.size(); ++i) batch.expect_delivered(i);
  EXPECT_TRUE(sockets->uses_ring());
  batch.send(*sockets);  // from a thread that the ring does not belong to
  EXPECT_FALSE(sockets->uses_ring());
  for (std::size_t i = 0; i < batch.pairs.size(); ++i) batch.expect_delivered(i);
}

TEST(RingSockets, WhereTheKernelRefusesARingThereIsNone) {
  for (const std::uint32_t error : {EPERM, ENOSYS}) {
    std::thread([error] {
      refuse_rings(error);
      EXPECT_EQ(RingSockets::make(), nullptr);
    }).join();
  }
}

using RingTest = DataplaneTest;

TEST_F(RingTest, ANodeWithoutRingsServesAndSaysSo) {
  std::thread([this] {
    refuse_rings(EPERM);
    auto& plane = start(loopback_listener());
    const auto client = plane.connect();
    EXPECT_EQ(plane.broadcast("hello").queued, 1U);
    EXPECT_EQ(client->read_line(), "hello\n");
    const auto by_path = plane->stats().shards_by_path;
    EXPECT_EQ(by_path[static_cast<std::size_t>(SendPath::kIoUring)], 0U);
    EXPECT_EQ(by_path[static_cast<std::size_t>(SendPath::kSystemCalls)], 2U);
  }).join();
}

TEST_F(RingTest, TheConfigurationCanForbidRings) {
  Config config = config_of({loopback_listener()});
  config.io_uring = false;
  auto& plane = start(config);
  EXPECT_EQ(plane->stats().shards_by_path[static_cast<std::size_t>(SendPath::kIoUring)], 0U);
}

}  // namespace
}  // namespace crier::testing
