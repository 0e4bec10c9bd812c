#include "services/ops/process_metrics.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "services/ops/exposition.hpp"
#include "tests/services/ops/samples.hpp"

namespace crier::services::ops {
namespace {

Samples scrape() {
  return read_samples(to_text(ProcessMetrics().Collect()));
}

TEST(ProcessStat, CountsFieldsFromTheEndOfTheName) {
  const auto stat = parse_process_stat(
      "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 11 22 0 0 20 0 4 0 333 4444 55 "
      "18446744073709551615 1 1 0 0 0 0 0 0");
  ASSERT_TRUE(stat.has_value());
  EXPECT_EQ(stat->user_ticks, 11);
  EXPECT_EQ(stat->system_ticks, 22);
  EXPECT_EQ(stat->start_ticks, 333);
  EXPECT_EQ(stat->virtual_bytes, 4444);
  EXPECT_EQ(stat->resident_pages, 55);
}

TEST(ProcessStat, RefusesWhatIsNotAStatLine) {
  EXPECT_FALSE(parse_process_stat("").has_value());
  EXPECT_FALSE(parse_process_stat("42 (crier) S 1 42").has_value());
  EXPECT_FALSE(parse_process_stat("no parenthesis at all").has_value());
}

TEST(ProcessMetrics, CountsOneMoreDescriptorAfterAnOpen) {
  const double before = scrape().at("process_open_fds");
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const double after = scrape().at("process_open_fds");
  close(fd);
  EXPECT_EQ(after, before + 1);
  EXPECT_GT(scrape().at("process_max_fds"), after);
}

TEST(ProcessMetrics, StartedBeforeNowAndUsesMemory) {
  const Samples samples = scrape();
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  // /proc counts boot time in whole seconds.
  EXPECT_LE(samples.at("process_start_time_seconds"), now + 2);
  EXPECT_GT(samples.at("process_start_time_seconds"), now - 3600);
  EXPECT_GT(samples.at("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(samples.at("process_virtual_memory_bytes"),
            samples.at("process_resident_memory_bytes"));
  EXPECT_GE(samples.at("process_cpu_seconds_total"), 0);
}

}  // namespace
}  // namespace crier::services::ops
