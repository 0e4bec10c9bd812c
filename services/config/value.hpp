#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/config/schema.hpp"

// Single values: how each kind is written, read, checked and printed.
namespace crier::services::config {

struct Text {
  std::string_view text;
  bool quoted = false;
};

// What a secret that is set is printed as; no key takes it as a value.
inline constexpr std::string_view kHiddenSecret = "********";

// Printable ASCII without spaces.
[[nodiscard]] bool is_text(std::string_view text);

// In double quotes, as YAML and JSON read it back. REQUIRES: printable ASCII.
[[nodiscard]] std::string quoted_text(std::string_view text);

// Sets `field` of `message` to what `text` says. Returns why that is not possible, without naming
// the key and without quoting a KIND_TEXT, which may be or hold a secret; `message` is unchanged
// then.
[[nodiscard]] std::optional<std::string> assign(google::protobuf::Message& message,
                                                const Field& field, Text text);

// The value of `field` as written in YAML; a secret is hidden.
[[nodiscard]] std::string value_text(const google::protobuf::Message& message, const Field& field);

// "a duration", "one of line, length, varint, fixed": for errors and the documentation.
[[nodiscard]] std::string kind_text(const Field& field);

}  // namespace crier::services::config
