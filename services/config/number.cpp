#include "services/config/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <system_error>

#include "services/logging/escape.hpp"

namespace crier::services::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Ascending: format_number() takes the last one that divides.
constexpr std::array kDurations = {Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                                   Unit{"h", 3'600'000}};
constexpr std::array kSizes = {Unit{"", 1}, Unit{"KiB", std::int64_t{1} << 10},
                               Unit{"MiB", std::int64_t{1} << 20},
                               Unit{"GiB", std::int64_t{1} << 30}};
constexpr std::array kCounts = {Unit{"", 1}};

std::span<const Unit> units_of(v1::KeyOptions::Kind kind) {
  switch (kind) {
    case v1::KeyOptions::KIND_DURATION:
      return kDurations;
    case v1::KeyOptions::KIND_BYTES:
      return kSizes;
    default:
      return kCounts;
  }
}

std::string quoted(std::string_view text) {
  return "'" + logging::escape(text) + "'";
}

// "64KB", "2m", "1 MiB": what people write for sizes, by the first letter of the unit.
std::string_view likely_size(std::string_view unit) {
  const auto letter = unit.find_first_not_of(' ');
  switch (letter == std::string_view::npos ? '\0' : unit[letter]) {
    case 'k':
    case 'K':
      return "KiB";
    case 'm':
    case 'M':
      return "MiB";
    case 'g':
    case 'G':
      return "GiB";
    default:
      return "";
  }
}

NumberError malformed(v1::KeyOptions::Kind kind, std::string_view text, std::string_view digits,
                      std::string_view unit) {
  const std::string what = quoted(text);
  if (kind == v1::KeyOptions::KIND_DURATION) {
    if (!digits.empty() && unit.empty()) {
      return {what + " has no unit; write " + std::string(digits) + "s or " + std::string(digits) +
              "ms"};
    }
    return {what + " is not a duration; write a whole number and ms, s, m or h, such as 10s"};
  }
  if (kind == v1::KeyOptions::KIND_BYTES) {
    std::string reason =
        what + " is not a size; write a whole number of bytes, KiB, MiB or GiB, such as 64KiB";
    if (const auto likely = likely_size(unit); !digits.empty() && !likely.empty()) {
      reason += "; did you mean " + std::string(digits) + std::string(likely) + "?";
    }
    return {reason};
  }
  return {what + " is not a whole number; write decimal digits"};
}

}  // namespace

std::variant<std::int64_t, NumberError> parse_number(v1::KeyOptions::Kind kind,
                                                     std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, end);
  const std::string_view name = text.substr(end);
  const auto units = units_of(kind);
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& candidate) { return candidate.name == name; });
  // YAML once read 010 as eight: refuse what two readers could understand differently.
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (digits.empty() || leading_zero || unit == units.end()) {
    return malformed(kind, text, leading_zero ? "" : digits, name);
  }
  std::int64_t number = 0;
  const auto [rest, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (ec != std::errc{} || number > std::numeric_limits<std::int64_t>::max() / unit->factor) {
    return NumberError{quoted(text) + " is too large"};
  }
  return number * unit->factor;
}

std::string format_number(v1::KeyOptions::Kind kind, std::int64_t value) {
  if (value == 0) {
    return kind == v1::KeyOptions::KIND_DURATION ? "0s" : "0";
  }
  const auto units = units_of(kind);
  const auto unit = std::find_if(units.rbegin(), units.rend(), [&](const Unit& candidate) {
    return value % candidate.factor == 0;
  });
  return std::to_string(value / unit->factor) + std::string(unit->name);
}

}  // namespace crier::services::config
