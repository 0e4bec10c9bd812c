#include "services/crierctl/argument.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "services/crierctl/escape.hpp"

namespace crier::services::crierctl {
namespace {

// The digits at the start of `text`, which is left with what follows them.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::int64_t unit_ms(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1'000;
  if (unit == "m") return 60'000;
  return unit == "h" ? 3'600'000 : 0;
}

std::string bound_text(std::chrono::seconds max) {
  return max.count() % 3'600 == 0 ? std::to_string(max.count() / 3'600) + "h"
                                  : std::to_string(max.count()) + "s";
}

}  // namespace

CLI::Validator whole_number(std::int64_t max) {
  const auto check = [max](std::string& text) -> std::string {
    std::string_view rest = text;
    const auto value = take_number(rest);
    if (value && rest.empty() && *value >= 1 && *value <= max) return {};
    return "'" + escaped(text) + "' is not a whole number from 1 to " + std::to_string(max);
  };
  return {check, ""};
}

CLI::Validator time_with_unit(std::chrono::seconds max) {
  const auto convert = [max](std::string& text) -> std::string {
    std::string_view rest = text;
    const auto value = take_number(rest);
    const std::int64_t unit = unit_ms(rest);
    if (value && *value >= 1 && unit > 0 &&
        *value <= std::chrono::milliseconds(max).count() / unit) {
      text = std::to_string(*value * unit);
      return {};
    }
    return "'" + escaped(text) + "' is not a time from 1ms to " + bound_text(max) +
           (max < std::chrono::minutes(5) ? ", such as 500ms or 2s" : ", such as 500ms, 10s or 5m");
  };
  return {convert, ""};
}

}  // namespace crier::services::crierctl
