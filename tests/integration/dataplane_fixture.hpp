#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/open_files.hpp"
#include "tests/support/running_dataplane.hpp"

namespace crier::testing {

// A data plane on loopback. Whatever a test does, at its end every frame offered has an end, every
// connection too, and no file descriptor is left.
class DataplaneTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (plane_) finish();
    EXPECT_EQ(open_files(), files_before_);
  }

  RunningDataplane& start(const dataplane::Config& config,
                          const RunningDataplane::Prepare& prepare = {}) {
    plane_.emplace(config, prepare);
    return *plane_;
  }
  RunningDataplane& start(dataplane::ListenerConfig listener,
                          const RunningDataplane::Prepare& prepare = {}) {
    return start(config_of({std::move(listener)}), prepare);
  }
  // How many connections were turned away before they became clients of the first listener.
  static std::uint64_t rejected(const dataplane::Stats& stats, dataplane::RejectReason reason) {
    return stats.listeners.at(0).rejected[static_cast<std::size_t>(reason)];
  }
  // Waits for exactly so many, and that nobody is left in a handshake.
  static void await_rejected(RunningDataplane& plane, dataplane::RejectReason reason,
                             std::uint64_t count = 1) {
    plane.await_stats([=](const dataplane::Stats& stats) {
      return rejected(stats, reason) >= count && stats.listeners[0].handshaking == 0;
    });
    EXPECT_EQ(rejected(plane->stats(), reason), count);
  }

  // Stops it and checks the books.
  void finish() {
    EXPECT_EQ(conservation_problem((*plane_)->stats()), "");
    (*plane_)->stop();
    const dataplane::Stats stats = (*plane_)->stats();
    EXPECT_EQ(conservation_problem(stats), "");
    EXPECT_EQ(stats.shards.queued_frames, 0U);
    EXPECT_EQ(stats.shards.queued_bytes, 0U);
    EXPECT_EQ(stats.shards.connections, 0U);
    EXPECT_EQ(stats.shards.connections_slow, 0U);
    EXPECT_EQ(stats.partial_bytes, 0U);
    EXPECT_EQ(stats.inflight_bytes, 0U);
    std::uint64_t accepted = 0;
    for (const auto& listener : stats.listeners) accepted += listener.accepted;
    EXPECT_EQ(closed(stats), accepted);
    plane_.reset();
  }

 private:
  const std::size_t files_before_ = open_files();
  std::optional<RunningDataplane> plane_;
};

}  // namespace crier::testing
