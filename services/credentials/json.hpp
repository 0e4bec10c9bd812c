#pragma once

#include <jansson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The little of JSON that tokens and keys need.
namespace crier::services::credentials {

struct JsonRelease {
  void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, JsonRelease>;

// An object, or null for any other text: also for one that names a key twice, which two readers
// could understand in two ways. Depth is bounded by jansson, at 2048.
[[nodiscard]] Json parse_json_object(std::string_view text);

// Borrowed from `object`; null where there is no such key.
[[nodiscard]] const json_t* member(const Json& object, const char* key);

// Nothing where the value is absent or no text. Borrowed from it.
[[nodiscard]] std::optional<std::string_view> text_of(const json_t* value);
[[nodiscard]] std::optional<std::string_view> text_member(const Json& object, const char* key);

// How the value is written; empty for null.
[[nodiscard]] std::string written(const json_t* value);

}  // namespace crier::services::credentials
