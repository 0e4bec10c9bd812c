#include "services/crierctl/human.hpp"

#include <gtest/gtest.h>

namespace crier::services::crierctl {
namespace {

using namespace std::chrono_literals;

TEST(HumanCount, IsExactBelowTenThousand) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(9'999), "9999");
}

TEST(HumanCount, KeepsThreeDigitsAbove) {
  EXPECT_EQ(human_count(10'000), "10.0k");
  EXPECT_EQ(human_count(99'949), "99.9k");
  EXPECT_EQ(human_count(123'456), "123k");
  EXPECT_EQ(human_count(999'499), "999k");
  EXPECT_EQ(human_count(999'500), "1.00M");
  EXPECT_EQ(human_count(45'600'000), "45.6M");
  EXPECT_EQ(human_count(7'890'000'000), "7.89G");
  EXPECT_EQ(human_count(9'223'372'036'854'775'807), "9223372T");
}

TEST(HumanBytes, CountsInPowersOf1024) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1'023), "1023 B");
  EXPECT_EQ(human_bytes(1'024), "1.0 KiB");
  EXPECT_EQ(human_bytes(1'536), "1.5 KiB");
  EXPECT_EQ(human_bytes(1'048'575), "1.0 MiB");
  EXPECT_EQ(human_bytes(2'097'152), "2.0 MiB");
  EXPECT_EQ(human_bytes(9'223'372'036'854'775'807), "8192.0 PiB");
}

TEST(HumanDuration, PicksTheUnitThatReadsWell) {
  EXPECT_EQ(human_duration(0us), "0s");
  EXPECT_EQ(human_duration(850us), "850us");
  EXPECT_EQ(human_duration(1'540us), "1.5ms");
  EXPECT_EQ(human_duration(350ms), "350ms");
  EXPECT_EQ(human_duration(59'999ms), "59s");
  EXPECT_EQ(human_duration(3min + 2s), "3m02s");
  EXPECT_EQ(human_duration(2h + 5min + 59s), "2h05m");
  EXPECT_EQ(human_duration(76h), "3d04h");
}

TEST(HumanDuration, ReadsTheDurationsOfTheApi) {
  google::protobuf::Duration duration;
  EXPECT_EQ(human_duration(duration), "0s");
  duration.set_seconds(182);
  duration.set_nanos(999'999'999);
  EXPECT_EQ(human_duration(duration), "3m02s");
}

TEST(HumanDuration, CountsAClockThatRunsBehindAsZero) {
  EXPECT_EQ(human_duration(-5s), "0s");
}

TEST(Grouped, PutsACommaBeforeEveryThirdDigit) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(-1'234), "-1,234");
}

}  // namespace
}  // namespace crier::services::crierctl
