#include "services/config/memory_limit.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace crier::services::config {
namespace {

class MemoryLimit : public ::testing::Test {
 protected:
  MemoryLimit() {
    std::string pattern = (std::filesystem::temp_directory_path() / "crier_memory.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    files_ = {folder_ / "cgroup", folder_ / "fs", folder_ / "meminfo"};
    write(files_.physical, "MemTotal:       8388608 kB\nMemFree:        1 kB\n");
  }
  ~MemoryLimit() override { std::filesystem::remove_all(folder_); }

  static void write(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  void belongs_to(std::string_view lines) { write(files_.membership, lines); }

  std::filesystem::path folder_;
  MemoryFiles files_;
};

constexpr std::uint64_t kPhysical = 8ULL << 30U;

TEST_F(MemoryLimit, WithoutCgroupsItIsTheMachines) {
  EXPECT_EQ(usable_memory(files_), kPhysical);
}

TEST_F(MemoryLimit, IsThatOfTheOwnGroup) {
  belongs_to("0::/system.slice/crier.service\n");
  write(files_.cgroups / "system.slice/crier.service/memory.max", "1000\n");
  write(files_.cgroups / "system.slice/other.service/memory.max", "10\n");
  EXPECT_EQ(usable_memory(files_), 1'000U);
}

TEST_F(MemoryLimit, AGroupAroundMayHoldLess) {
  belongs_to("0::/a/b/c\n");
  write(files_.cgroups / "a/b/c/memory.max", "3000\n");
  write(files_.cgroups / "a/b/memory.max", "max\n");
  write(files_.cgroups / "a/memory.max", "2000\n");
  EXPECT_EQ(usable_memory(files_), 2'000U);
}

TEST_F(MemoryLimit, AContainersOwnGroupIsTheRoot) {
  belongs_to("0::/\n");
  write(files_.cgroups / "memory.max", "5000\n");
  EXPECT_EQ(usable_memory(files_), 5'000U);
  belongs_to("0::/kubepods/named/as/the/machine/does\n");
  EXPECT_EQ(usable_memory(files_), 5'000U);
}

TEST_F(MemoryLimit, MaxIsNoLimit) {
  belongs_to("0::/\n");
  write(files_.cgroups / "memory.max", "max\n");
  EXPECT_EQ(usable_memory(files_), kPhysical);
}

TEST_F(MemoryLimit, VersionOneHasItsOwnFile) {
  belongs_to("7:cpu,cpuacct:/x\n5:memory:/docker/1f\n");
  write(files_.cgroups / "memory/docker/1f/memory.limit_in_bytes", "7000\n");
  EXPECT_EQ(usable_memory(files_), 7'000U);
  belongs_to("5:hugetlb,memory:/elsewhere\n");
  write(files_.cgroups / "memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(usable_memory(files_), kPhysical) << "which is how version 1 writes no limit";
}

TEST_F(MemoryLimit, ALimitAboveTheMachineIsTheMachines) {
  belongs_to("0::/\n");
  write(files_.cgroups / "memory.max", std::to_string(kPhysical * 2));
  EXPECT_EQ(usable_memory(files_), kPhysical);
}

TEST_F(MemoryLimit, NonsenseIsNoLimit) {
  belongs_to("nonsense\n:\n0:\n\n");
  write(files_.cgroups / "memory.max", "-\n");
  write(files_.physical, "MemTotal: some\n");
  EXPECT_EQ(usable_memory(files_), std::nullopt);
}

TEST(MemoryLimitOfThisProcess, IsKnown) {
  EXPECT_GT(usable_memory().value_or(0), 1U << 20U);
}

}  // namespace
}  // namespace crier::services::config
