#include "services/config/control_memory.hpp"

#include <gtest/gtest.h>

#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

std::uint64_t memory_of(const std::vector<std::string>& sets, std::optional<std::uint64_t> usable) {
  return control_memory(config_of("", sets).control(), usable);
}

TEST(ControlMemory, IsAnEighthOfWhatTheProcessMayUse) {
  EXPECT_EQ(memory_of({}, 2'048 * kMiB), 256 * kMiB);
  EXPECT_EQ(memory_of({}, 4'096 * kMiB - 8), 512 * kMiB - 1);
}

TEST(ControlMemory, IsNeverLessThan64MiBNorByItselfMoreThan512MiB) {
  EXPECT_EQ(memory_of({}, 512 * kMiB), 64 * kMiB);
  EXPECT_EQ(memory_of({}, 100 * kMiB), 64 * kMiB);
  EXPECT_EQ(memory_of({}, std::nullopt), 64 * kMiB);
  EXPECT_EQ(memory_of({}, 4'096 * kMiB), 512 * kMiB);
  EXPECT_EQ(memory_of({}, 1'048'576 * kMiB), 512 * kMiB);
}

TEST(ControlMemory, HoldsTheLargestRequestTwiceWhateverTheRestSays) {
  const std::vector<std::string> largest{
      "control.max_payload_bytes=256MiB", "limits.inflight_bytes=256MiB",
      "limits.queue_memory_bytes=8GiB", "listeners[0].queue.max_bytes=1GiB"};
  EXPECT_EQ(control_memory_min(config_of("", largest).control()), 544 * kMiB);
  EXPECT_EQ(memory_of(largest, 512 * kMiB), 544 * kMiB);
  EXPECT_EQ(memory_of(largest, 1'048'576 * kMiB), 544 * kMiB);
}

TEST(ControlMemory, IsWhatTheFileSays) {
  EXPECT_EQ(memory_of({"control.max_memory_bytes=34MiB"}, 1'048'576 * kMiB), 34 * kMiB);
  EXPECT_EQ(memory_of({"control.max_memory_bytes=1GiB"}, 512 * kMiB), 1'024 * kMiB);
}

}  // namespace
}  // namespace crier::services::config
