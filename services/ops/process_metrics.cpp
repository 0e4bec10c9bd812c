#include "services/ops/process_metrics.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include "services/ops/family.hpp"

namespace crier::services::ops {
namespace {

std::string read_file(const char* path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

double boot_seconds() {
  std::istringstream in(read_file("/proc/stat"));
  for (std::string key; in >> key;) {
    double seconds = 0;
    if (key == "btime" && in >> seconds) return seconds;
    std::getline(in, key);
  }
  return 0;
}

double open_descriptors() {
  // Since Linux 6.2 the directory's size is the count; walking it costs milliseconds with 10,000
  // clients.
  struct stat status{};
  if (stat("/proc/self/fd", &status) == 0 && status.st_size > 0) {
    return static_cast<double>(status.st_size);
  }
  std::error_code ec;
  const std::filesystem::directory_iterator begin("/proc/self/fd", ec);
  return ec ? 0 : static_cast<double>(std::distance(begin, std::filesystem::directory_iterator()));
}

double max_descriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  // The name in parentheses may hold spaces and parentheses itself; fields count from its end.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::istringstream in{std::string(line.substr(name_end + 1))};
  std::string skipped;
  const auto skip = [&](int fields) {
    for (int i = 0; i < fields; ++i) in >> skipped;
  };
  ProcessStat stat;
  skip(11);  // state to cmajflt; the fields are numbered in proc(5)
  in >> stat.user_ticks >> stat.system_ticks;
  skip(6);  // cutime to itrealvalue
  in >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
  if (!in) return std::nullopt;
  return stat;
}

ProcessMetrics::ProcessMetrics() : boot_seconds_(boot_seconds()) {}

Families ProcessMetrics::Collect() const {
  const ProcessStat stat = parse_process_stat(read_file("/proc/self/stat")).value_or(ProcessStat{});
  const auto ticks_per_second = static_cast<double>(std::max(1L, sysconf(_SC_CLK_TCK)));
  const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
  Families out;
  out.push_back(
      counter("process_cpu_seconds_total", "User and system CPU time spent.",
              static_cast<double>(stat.user_ticks + stat.system_ticks) / ticks_per_second));
  out.push_back(gauge("process_resident_memory_bytes", "Resident memory.",
                      static_cast<double>(stat.resident_pages) * page_bytes));
  out.push_back(gauge("process_virtual_memory_bytes", "Virtual memory.",
                      static_cast<double>(stat.virtual_bytes)));
  out.push_back(gauge("process_open_fds", "Open file descriptors.", open_descriptors()));
  out.push_back(gauge("process_max_fds", "Limit of open file descriptors.", max_descriptors()));
  out.push_back(gauge("process_start_time_seconds", "Start of the process since the epoch.",
                      boot_seconds_ + static_cast<double>(stat.start_ticks) / ticks_per_second));
  return out;
}

}  // namespace crier::services::ops
