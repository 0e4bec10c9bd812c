#include "services/credentials/json.hpp"

#include <cstdlib>

namespace crier::services::credentials {

Json parse_json_object(std::string_view text) {
  Json value(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
  return json_is_object(value.get()) ? std::move(value) : nullptr;
}

const json_t* member(const Json& object, const char* key) {
  return json_object_get(object.get(), key);
}

std::optional<std::string_view> text_of(const json_t* value) {
  if (!json_is_string(value)) return std::nullopt;
  return std::string_view(json_string_value(value), json_string_length(value));
}

std::optional<std::string_view> text_member(const Json& object, const char* key) {
  return text_of(member(object, key));
}

std::string written(const json_t* value) {
  const std::unique_ptr<char, decltype(&std::free)> text(
      json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT), &std::free);
  return text == nullptr ? "" : text.get();
}

}  // namespace crier::services::credentials
