// What TLS does on its own account must cost nobody else: over scripted sockets, with a real client
// of TLS behind them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "tests/dataplane/model/shard_harness.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/scripted_tls_client.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using namespace std::chrono_literals;

ListenerConfig secure_listener() {
  ListenerConfig config;
  config.processor = "echo";
  config.tls = true;
  config.write_stall = 10s;
  return config;
}

class TlsConnectionTest : public ::testing::Test {
 protected:
  TlsConnectionTest() { join(); }

  // A client in the middle of whose life the tests begin.
  void join() {
    auto session = std::make_unique<Session>();
    session->tls = std::make_unique<TlsSession>(context_, harness_.sockets, harness_.queue_memory,
                                                harness_.next_fd());
    while (!client_.shake_hands()) {
      peer(harness_.next_fd()).to_read += client_.take_said();
      (void)session->tls->handshake();
      hear(harness_.next_fd());
    }
    peer(harness_.next_fd()).to_read += client_.take_said();
    ASSERT_EQ(session->tls->handshake(), TlsSession::Handshake::kDone);
    fd_ = harness_.connect(0, std::move(session));
    harness_.end_turn();
  }

  ScriptedSockets::Peer& peer(int fd) { return harness_.sockets[fd]; }
  void hear(int fd) { client_.tell(std::exchange(peer(fd).received, {})); }
  // What the client has said arrives.
  void arrive() { harness_.client_sends(fd_, client_.take_said()); }
  [[nodiscard]] std::string told() {
    hear(fd_);
    return client_.read();
  }
  // OpenSSL leaves the first request until it writes, and answers the second at once.
  void ask_for_answer() {
    client_.update_keys();
    client_.update_keys();
  }
  [[nodiscard]] std::uint64_t closed(CloseReason reason) const {
    return harness_.shard.stats.closed[static_cast<std::size_t>(reason)];
  }

  const Certificates certificates_;
  const TlsContextPtr context_ = [this] {
    const auto pair = certificates_.make("localhost");
    return std::get<TlsContextPtr>(
        TlsContext::load({pair.cert_file, pair.key_file, ClientCertificates::kNone, ""}));
  }();
  ShardHarness harness_{{secure_listener()}};
  ScriptedTlsClient client_;
  int fd_ = -1;
};

TEST_F(TlsConnectionTest, Echoes) {
  client_.send("hello\n");
  arrive();
  EXPECT_EQ(told(), "hello\n");
}

// Each takes the server as long as a small frame, and there is no end to them.
TEST_F(TlsConnectionTest, SoManyNewKeysAreAllowedAndNoMore) {
  for (std::uint32_t i = 0; i < TlsSession::kOwnMessagesMax; ++i) client_.update_keys();
  client_.send("hello\n");
  arrive();
  EXPECT_EQ(told(), "hello\n");
  client_.update_keys();
  arrive();
  harness_.client_sends(fd_, "");
  EXPECT_EQ(closed(CloseReason::kTlsError), 1U);
}

TEST_F(TlsConnectionTest, NewKeysAreAllowedAgainAfterEnoughData) {
  const std::string line(1'000, 'x');
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t i = 0; i < TlsSession::kOwnMessagesMax; ++i) client_.update_keys();
    for (std::uint64_t sent = 0; sent <= TlsSession::kOwnMessagesBytes; sent += line.size() + 1) {
      client_.send(line + "\n");
      arrive();
      (void)told();
    }
  }
  EXPECT_NE(harness_.connection(fd_), nullptr);
}

// One read of one connection is one portion of the shard's time, whatever is in it.
TEST_F(TlsConnectionTest, ManySmallRecordsAreTakenInPortions) {
  std::string said;
  while (said.size() < 4 * TlsSession::kCiphertextBytesMax) {
    client_.send("x");
    said += client_.take_said();
  }
  client_.send("\n");
  said += client_.take_said();
  const std::uint64_t before = peer(fd_).consumed_bytes;
  peer(fd_).to_read = said;
  harness_.connection(fd_)->on_ready(true, false);
  EXPECT_LE(peer(fd_).consumed_bytes - before, TlsSession::kCiphertextBytesMax);
  EXPECT_EQ(harness_.shard.readable.size(), 1U);
  harness_.end_turn();
  EXPECT_EQ(peer(fd_).consumed_bytes - before, said.size());
  EXPECT_EQ(told().back(), '\n');
}

// The answer to new keys waits for the kernel like a frame does, and like a frame it is overdue.
TEST_F(TlsConnectionTest, AnAnswerThatNobodyReadsIsAStall) {
  peer(fd_).window = 5;
  ask_for_answer();
  arrive();
  ASSERT_NE(harness_.connection(fd_), nullptr);
  ASSERT_TRUE(harness_.connection(fd_)->backlog());
  EXPECT_GT(harness_.connection(fd_)->backlog()->bytes, 0U);
  harness_.advance(9s);
  EXPECT_NE(harness_.connection(fd_), nullptr);
  harness_.advance(2s);
  EXPECT_EQ(closed(CloseReason::kWriteStall), 1U);
}

TEST_F(TlsConnectionTest, AnAnswerThatHadToWaitGoesOutFirst) {
  peer(fd_).window = 5;
  ask_for_answer();
  client_.send("hello\n");
  arrive();
  harness_.client_reads(fd_, ScriptedSockets::kUnlimited);
  EXPECT_EQ(told(), "hello\n");
  harness_.advance(20s);
  EXPECT_NE(harness_.connection(fd_), nullptr);
  EXPECT_FALSE(harness_.connection(fd_)->backlog());
}

// Frames count as sent by whole records, but whoever takes a part of one is not stalled.
TEST_F(TlsConnectionTest, APartOfARecordIsProgress) {
  peer(fd_).window = 0;
  Broadcast broadcast;
  broadcast.payload = std::string(10'000, 'x');
  harness_.broadcast(broadcast);
  harness_.run();
  for (int i = 0; i < 10; ++i) {
    harness_.advance(6s);
    harness_.client_reads(fd_, 100);
    ASSERT_NE(harness_.connection(fd_), nullptr) << i;
  }
  harness_.client_reads(fd_, ScriptedSockets::kUnlimited);
  EXPECT_EQ(told(), broadcast.payload + "\n");
}

}  // namespace
}  // namespace crier::testing
