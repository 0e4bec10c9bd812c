#include "services/config/value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <variant>

#include "services/config/address.hpp"
#include "services/config/number.hpp"
#include "services/logging/escape.hpp"

namespace crier::services::config {
namespace {

using v1::KeyOptions;

constexpr std::size_t kNameBytesMax = 64;

std::string quoted(std::string_view text) {
  return "'" + logging::escape(text) + "'";
}

std::string join(const auto& words) {
  std::string joined;
  for (const auto& word : words) {
    joined += (joined.empty() ? "" : ", ") + word;
  }
  return joined;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameBytesMax &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
             std::string_view::npos;
}

// How many characters a KIND_TEXT has is a count.
std::optional<std::string> bad_text(const KeyOptions& options, std::string_view text) {
  const auto length = [](const std::string& bound) {
    return static_cast<std::size_t>(
        std::get<std::int64_t>(parse_number(KeyOptions::KIND_COUNT, bound)));
  };
  const std::string size = "has " + std::to_string(text.size()) + " characters, ";
  if (options.secret() && text == kHiddenSecret) {
    return "this is a hidden secret, as --print-config shows it";
  }
  if (!is_text(text)) {
    return "must be printable ASCII without spaces";
  }
  if (text.size() < length(options.min())) {
    return size + "below the minimum of " + options.min();
  }
  if (text.size() > length(options.max())) {
    return size + "above the maximum of " + options.max();
  }
  return std::nullopt;
}

// Whether every reader of YAML takes it, without quotes, for text; some take `off` for false.
bool plain_text(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kOtherMeanings = {
      "null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-") == std::string_view::npos &&
         !text.starts_with('-') &&
         std::find(kOtherMeanings.begin(), kOtherMeanings.end(), text) == kOtherMeanings.end();
}

// A bound of the schema, which is written like a value of the key.
std::int64_t bound(KeyOptions::Kind kind, const std::string& text) {
  return std::get<std::int64_t>(parse_number(kind, text));
}

std::optional<std::string> out_of_range(const KeyOptions& options, std::int64_t value) {
  const std::string text = format_number(options.kind(), value);
  if (!options.one_of().empty()) {
    const auto& allowed = options.one_of();
    return std::find(allowed.begin(), allowed.end(), text) != allowed.end()
               ? std::nullopt
               : std::optional(text + " is not one of " + join(allowed));
  }
  if (value < bound(options.kind(), options.min())) {
    return text + " is below the minimum of " + options.min();
  }
  if (value > bound(options.kind(), options.max())) {
    return text + " is above the maximum of " + options.max();
  }
  return std::nullopt;
}

std::optional<std::string> assign_number(google::protobuf::Message& message, const Field& field,
                                         Text text) {
  const KeyOptions& options = options_of(field);
  if (text.quoted && options.kind() == KeyOptions::KIND_COUNT) {
    return quoted(text.text) + " is text; write the number without quotes";
  }
  const auto number = parse_number(options.kind(), text.text);
  if (const auto* error = std::get_if<NumberError>(&number)) {
    return error->reason;
  }
  const auto value = std::get<std::int64_t>(number);
  if (auto reason = out_of_range(options, value)) {
    return reason;
  }
  message.GetReflection()->SetInt64(&message, &field, value);
  return std::nullopt;
}

std::optional<std::string> assign_choice(google::protobuf::Message& message, const Field& field,
                                         Text text) {
  const auto names = choices_of(field);
  const auto found = std::find(names.begin(), names.end(), text.text);
  if (found == names.end()) {
    return quoted(text.text) + " is not one of " + join(names) + suggestion(text.text, names);
  }
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const int number = field.enum_type()->value(i)->number();
    if (choice_name(field, number) == *found) {
      message.GetReflection()->SetEnumValue(&message, &field, number);
    }
  }
  return std::nullopt;
}

std::optional<std::string> assign_flag(google::protobuf::Message& message, const Field& field,
                                       Text text) {
  if (text.text != "true" && text.text != "false") {
    return quoted(text.text) + " is neither true nor false";
  }
  if (text.quoted) {
    return quoted(text.text) + " is text; write it without quotes";
  }
  message.GetReflection()->SetBool(&message, &field, text.text == "true");
  return std::nullopt;
}

}  // namespace

bool is_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string quoted_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out + '"';
}

std::optional<std::string> assign(google::protobuf::Message& message, const Field& field,
                                  Text text) {
  switch (options_of(field).kind()) {
    case KeyOptions::KIND_CHOICE:
      return assign_choice(message, field, text);
    case KeyOptions::KIND_FLAG:
      return assign_flag(message, field, text);
    case KeyOptions::KIND_NAME:
      if (!is_name(text.text)) {
        return quoted(text.text) + " is not a name; write 1 to 64 letters, digits, '_', '-' or '.'";
      }
      break;
    case KeyOptions::KIND_ADDRESS:
      if (!parse_address(text.text)) {
        return quoted(text.text) +
               " is not an address; write a numeric host and a port, such as 127.0.0.1:8082 or "
               "[::1]:8082";
      }
      break;
    case KeyOptions::KIND_TEXT:
      if (auto reason = bad_text(options_of(field), text.text)) {
        return reason;
      }
      break;
    default:
      return assign_number(message, field, text);
  }
  message.GetReflection()->SetString(&message, &field, std::string(text.text));
  return std::nullopt;
}

std::string value_text(const google::protobuf::Message& message, const Field& field) {
  const auto& reflection = *message.GetReflection();
  const auto kind = options_of(field).kind();
  switch (kind) {
    case KeyOptions::KIND_CHOICE: {
      const std::string name = choice_name(field, reflection.GetEnumValue(message, &field));
      return plain_text(name) ? name : quoted_text(name);
    }
    case KeyOptions::KIND_NAME:
      if (const auto name = reflection.GetString(message, &field); plain_text(name)) return name;
      [[fallthrough]];
    case KeyOptions::KIND_ADDRESS:
    case KeyOptions::KIND_TEXT: {
      const std::string text = reflection.GetString(message, &field);
      return quoted_text(options_of(field).secret() && !text.empty() ? kHiddenSecret : text);
    }
    case KeyOptions::KIND_FLAG:
      return reflection.GetBool(message, &field) ? "true" : "false";
    default:
      return format_number(kind, reflection.GetInt64(message, &field));
  }
}

std::string kind_text(const Field& field) {
  const KeyOptions& options = options_of(field);
  switch (options.kind()) {
    case KeyOptions::KIND_CHOICE:
      return "one of " + join(choices_of(field));
    case KeyOptions::KIND_FLAG:
      return "true or false";
    case KeyOptions::KIND_NAME:
      return "a name";
    case KeyOptions::KIND_ADDRESS:
      return "an address";
    case KeyOptions::KIND_TEXT:
      return "text";
    case KeyOptions::KIND_DURATION:
      return "a duration";
    case KeyOptions::KIND_BYTES:
      return "a size";
    default:
      return options.one_of().empty() ? "a whole number" : "one of " + join(options.one_of());
  }
}

}  // namespace crier::services::config
