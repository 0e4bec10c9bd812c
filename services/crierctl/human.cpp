#include "services/crierctl/human.hpp"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace crier::services::crierctl {
namespace {

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

}  // namespace

std::string human_count(std::int64_t count) {
  static constexpr std::array<const char*, 4> kUnits{"k", "M", "G", "T"};
  if (count < 10'000) return std::to_string(count);
  double value = static_cast<double>(count) / 1000;
  std::size_t unit = 0;
  // 999.5 and more would be rounded to four digits.
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return formatted("%.*f%s", decimals, value, kUnits[unit]);
}

std::string human_bytes(std::int64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return formatted("%.1f %s", value, kUnits[unit]);
}

std::string human_duration(std::chrono::microseconds duration) {
  const long long us = std::max<long long>(duration.count(), 0);
  const long long seconds = us / 1'000'000;
  if (us == 0) return "0s";
  if (us < 1'000) return formatted("%lldus", us);
  if (us < 10'000) return formatted("%lld.%lldms", us / 1'000, us / 100 % 10);
  if (seconds < 1) return formatted("%lldms", us / 1'000);
  if (seconds < 60) return formatted("%llds", seconds);
  if (seconds < 3'600) return formatted("%lldm%02llds", seconds / 60, seconds % 60);
  if (seconds < 86'400) return formatted("%lldh%02lldm", seconds / 3'600, seconds / 60 % 60);
  return formatted("%lldd%02lldh", seconds / 86'400, seconds / 3'600 % 24);
}

std::string human_duration(const google::protobuf::Duration& duration) {
  using google::protobuf::util::TimeUtil;
  return human_duration(std::chrono::microseconds(TimeUtil::DurationToMicroseconds(duration)));
}

std::string grouped(std::int64_t count) {
  std::string text = std::to_string(count);
  const int first = count < 0 ? 1 : 0;
  for (int at = static_cast<int>(text.size()) - 3; at > first; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

}  // namespace crier::services::crierctl
