#include "services/logging/line_format.hpp"

#include <algorithm>
#include <type_traits>

#include "services/logging/escape.hpp"

namespace crier::services::logging {
namespace {

// `quote_always`: JSON needs quotes around text; people read it better without where it is one
// word.
std::string value_text(const Field& field, bool quote_always) {
  return std::visit(
      [quote_always](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string_view>) {
          const bool word = !value.empty() && value.find_first_of(" =") == std::string_view::npos;
          std::string text = escape(value, kFieldBytesMax);
          return word && !quote_always ? text : '"' + text + '"';
        } else if constexpr (std::is_same_v<Value, bool>) {
          return value ? "true" : "false";
        } else {
          return std::to_string(value);
        }
      },
      field.value);
}

struct LevelName {
  std::string_view json;
  std::string_view text;
};

LevelName name_of(Level level) {
  switch (level) {
    case Level::kTrace:
      return {"trace", "TRACE"};
    case Level::kDebug:
      return {"debug", "DEBUG"};
    case Level::kInfo:
      return {"info", "INFO "};
    case Level::kWarn:
      return {"warn", "WARN "};
    case Level::kError:
      return {"error", "ERROR"};
  }
  return {"unknown", "?????"};
}

}  // namespace

std::string format_text(Level level, std::string_view message, Fields fields) {
  std::string line(name_of(level).text);
  line += ' ' + escape(message, kMessageBytesMax);
  for (const Field& field : fields) {
    line += ' ' + escape(field.key) + '=' + value_text(field, false);
  }
  return line;
}

std::string format_json(Level level, std::string_view message, Fields fields) {
  std::string line = "\"level\":\"" + std::string(name_of(level).json) + "\",\"message\":\"" +
                     escape(message, kMessageBytesMax) + '"';
  for (const Field& field : fields) {
    line += ",\"" + escape(field.key) + "\":" + value_text(field, true);
  }
  return line + '}';
}

}  // namespace crier::services::logging
