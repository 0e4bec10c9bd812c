// The test's own framings and its witnesses: what is wrong must be noticed.
#include "tests/faults/wire.hpp"

#include <gtest/gtest.h>

#include "tests/faults/listener_setup.hpp"
#include "tests/faults/witnesses.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/tcp_server.hpp"

namespace crier::testing {
namespace {

TEST(Wire, WhatGoesOutComesBackHoweverItIsCut) {
  for (const ListenerSetup& setup : listener_setups()) {
    std::vector<std::string> payloads;
    std::string wire;
    for (const std::size_t bytes : {64U, 1U, 127U, 128U, 300U, 4096U}) {
      if (setup.payload_bytes > 0 && bytes != setup.payload_bytes) continue;
      payloads.emplace_back(bytes, static_cast<char>('a' + bytes % 26));
      wire += to_wire(setup.framing, payloads.back());
    }
    for (const std::size_t cut : {1U, 7U, 100'000U}) {
      std::string stream;
      std::vector<std::string> got;
      for (std::size_t at = 0; at < wire.size(); at += cut) {
        stream += wire.substr(at, cut);
        for (std::string& payload : take_payloads(setup.framing, stream)) {
          got.push_back(std::move(payload));
        }
      }
      EXPECT_EQ(got, payloads) << setup.name;
      EXPECT_EQ(stream, "");
    }
  }
}

TEST(FrameScript, KnowsItsFramesByEveryByte) {
  const FrameScript script{64};
  const std::string good = script.payload(3, 17);
  EXPECT_EQ(script.origin(good).publisher, 3U);
  EXPECT_EQ(script.origin(good).sequence, 17U);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string wrong = good;
    wrong[at] ^= 1;
    try {
      const auto origin = script.origin(wrong);
      EXPECT_TRUE(origin.publisher != 3 || origin.sequence != 17) << at;
      ADD_FAILURE() << "byte " << at << " made another frame";
    } catch (const std::exception&) {
      // As it should be.
    }
  }
}

// What a witness says of frames that a server sends.
std::string verdict_on(const std::vector<std::string>& payloads) {
  const ListenerSetup& setup = setup_named("length4");
  TcpServer server;
  Verdict verdict;
  Witnesses witnesses(setup, server.address(), 1, 1, FrameScript{64}, verdict);
  const auto peer = server.accept();
  for (const std::string& payload : payloads) peer->send(setup.wire(payload));
  (void)await([&] { return verdict.failed() || witnesses.received_by_all(0) == payloads.size(); });
  witnesses.stop();
  return verdict.what();
}

TEST(Witnesses, NoticeWhatIsMissingTwiceOrChanged) {
  const FrameScript script{64};
  const auto frame = [&](std::uint64_t sequence) { return script.payload(0, sequence); };
  std::string changed = frame(1);
  changed.back() ^= 1;
  EXPECT_EQ(verdict_on({frame(0), frame(1), frame(2)}), "");
  EXPECT_EQ(verdict_on({frame(0), frame(2)}), "a witness: awaited 1 and got 2");
  EXPECT_EQ(verdict_on({frame(0), frame(0)}), "a witness: awaited 1 and got 0");
  EXPECT_EQ(verdict_on({frame(1), frame(0)}), "a witness: awaited 0 and got 1");
  EXPECT_NE(verdict_on({frame(0), changed}).find("no frame of ours"), std::string::npos);
}

}  // namespace
}  // namespace crier::testing
