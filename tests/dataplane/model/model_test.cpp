// Random life against a reference: clients connect, send, stop reading, half-close and break while
// broadcasts of every kind go out, over sockets that take 0, 1 or n bytes. After every step the
// books must balance, and every client must have what it was offered, in order.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cerrno>
#include <numeric>
#include <set>

#include "tests/dataplane/model/reference.hpp"
#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

struct Op {
  int kind = 0;
  int who = 0;
  int how = 0;
};

std::vector<ListenerConfig> listener_configs(int variant) {
  std::vector<ListenerConfig> configs(2);
  configs[0].name = "a";
  configs[0].processor = "echo";
  configs[0].max_frame_bytes = 64;
  configs[0].queue.max_frames = static_cast<std::uint32_t>(variant % 4) * 2;  // 0, 2, 4, 6
  configs[0].queue.max_bytes = 96;
  configs[0].queue.overflow = static_cast<OverflowPolicy>(variant / 4 % 3);
  configs[1] = configs[0];
  configs[1].name = "b";
  configs[1].framing.kind = FramingKind::kVarint;
  configs[1].processor = "discard";
  configs[1].queue.max_frames = 3;
  configs[1].idle_timeout = std::chrono::milliseconds(60'000);
  return configs;
}

class World {
 public:
  explicit World(int variant) : harness_(listener_configs(variant)), reference_(harness_) {}

  void apply(const Op& op) {
    switch (op.kind % 12) {
      case 0:
        if (harness_.ids().size() < 12) {
          const int fd = harness_.connect(static_cast<std::size_t>(op.how % 2));
          reference_.connected(fd, static_cast<std::size_t>(op.how % 2));
        }
        break;
      case 1:
        with_client(op, [&](int fd) { send_frame(fd, op.how); });
        break;
      case 2:
        with_limited(op, [&](int fd) { harness_.sockets[fd].window = 0; });
        break;
      case 3:
        with_client(op, [&](int fd) {
          if (fd % 3 == 2) return;
          harness_.client_reads(fd, op.how % 3 == 0 ? ScriptedSockets::kUnlimited
                                                    : static_cast<std::size_t>(op.how % 40));
        });
        break;
      case 4:
        with_limited(op, [&](int fd) {
          harness_.sockets[fd].takes.push_back(static_cast<std::size_t>(op.how % 5));
        });
        break;
      case 5:
        with_limited(op, [&](int fd) {
          if (op.how % 4 == 0) harness_.client_ends(fd);
          if (op.how % 4 == 3) send_frame(fd, op.how, true);
          if (op.how % 4 == 1) harness_.client_breaks(fd, ECONNRESET);
          if (op.how % 4 == 2) harness_.sockets[fd].broken = EPIPE;  // found out by the next send
        });
        break;
      case 6:
        with_client(op, [&](int fd) { disconnect(fd, op.how); });
        break;
      case 7:
        harness_.advance(std::chrono::milliseconds(op.how % 3 == 0 ? 11'000 : 100));
        break;
      case 8:
        harness_.step();
        break;
      default:
        submit(make_broadcast(op));
        if (op.how % 2 == 0) harness_.run();
    }
    reference_.check();
  }

  void finish() {
    harness_.run();
    reference_.check();
    reference_.check_answers();
  }

 private:
  template <class F>
  void with_client(const Op& op, F&& f) {
    if (!harness_.ids().empty()) f(op.who % static_cast<int>(harness_.ids().size()));
  }

  // Every third client always takes everything, so that it can be seen to get everything.
  template <class F>
  void with_limited(const Op& op, F&& f) {
    with_client(op, [&](int fd) {
      if (fd % 3 == 2) return;
      reference_.limited(fd);
      f(fd);
    });
  }

  void send_frame(int fd, int how, bool last = false) {
    const std::string text = reference_.next_text('R', how % 3 == 0 ? 20 : 3);
    const bool line = reference_.listener_of(fd) == 0;
    const std::string wire = line ? text + "\n" : std::string(1, char(text.size())) + text;
    last ? harness_.client_sends_last(fd, wire) : harness_.client_sends(fd, wire);
  }

  void disconnect(int fd, int how) {
    Connection* c = harness_.connection(fd);
    if (c == nullptr) return;
    c->close(CloseReason::kDisconnected, how % 2 == 0 ? Farewell::kFlush : Farewell::kDiscard);
    harness_.end_turn();
  }

  void submit(Broadcast broadcast) {
    const bool validate_only = broadcast.validate_only;
    reference_.submitted(harness_.broadcast(std::move(broadcast)), validate_only);
  }

  Broadcast make_broadcast(const Op& op) {
    Broadcast broadcast;
    broadcast.payload = reference_.next_text('B', op.how % 7 == 0 ? 60 : 4);
    if (op.how % 11 == 0) broadcast.payload += "\nsecond line";  // the line framing cannot carry it
    if (op.kind % 12 == 10) broadcast.target.only = some_ids(op.who);
    if (op.kind % 12 == 11) {
      broadcast.target.except = some_ids(op.who);
      if (op.how % 3 == 0) broadcast.target.listener = static_cast<ListenerIndex>(op.how % 2);
    }
    if (op.how % 5 == 0) broadcast.overflow = static_cast<OverflowPolicy>(op.how % 3);
    broadcast.validate_only = op.how % 13 == 0;
    return broadcast;
  }

  std::vector<ClientId> some_ids(int who) {
    std::set<ClientId> ids;
    for (std::size_t i = 0; i < harness_.ids().size(); ++i) {
      if ((static_cast<unsigned>(who) >> (i % 10) & 1U) != 0) ids.insert(harness_.ids()[i]);
    }
    return {ids.begin(), ids.end()};
  }

  ShardHarness harness_;
  Reference reference_;
};

RC_GTEST_PROP(ModelTest, BooksBalanceAndOrderHoldsAfterEveryStep, ()) {
  const int variant = *rc::gen::inRange(0, 12);
  const auto raw = *rc::gen::resize(
      160, rc::gen::container<std::vector<std::tuple<int, int, int>>>(rc::gen::tuple(
               rc::gen::inRange(0, 12), rc::gen::inRange(0, 1024), rc::gen::inRange(0, 4096))));
  World world(variant);
  for (int i = 0; i < 4; ++i) world.apply({0, 0, i});
  for (const auto& [kind, who, how] : raw) world.apply({kind, who, how});
  world.finish();
}

}  // namespace
}  // namespace crier::testing
