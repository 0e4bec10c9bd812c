#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Serialized messages that no builder would make.
namespace crier::testing {

// At least `bytes` of `field`, again and again.
inline std::string many_fields(std::string_view field, std::size_t bytes) {
  std::string fields;
  fields.reserve(bytes + field.size());
  while (fields.size() < bytes) fields += field;
  return fields;
}

// A field of bytes; `tag` is its number times 8, plus 2.
inline std::string wrapped(char tag, std::string_view bytes) {
  std::string field(1, tag);
  std::size_t size = bytes.size();
  for (; size >= 0x80; size >>= 7U) field.push_back(static_cast<char>(size | 0x80U));
  field.push_back(static_cast<char>(size));
  field += bytes;
  return field;
}

}  // namespace crier::testing
