#include "services/credentials/jose.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace crier::services::credentials {

bool is_base64url(std::string_view text) {
  return text.size() % 4 != 1 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::optional<std::string> decode_base64url(std::string_view text) {
  if (!is_base64url(text)) return std::nullopt;
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  if (!cjose_base64url_decode(text.data(), text.size(), &bytes, &size, nullptr)) {
    return std::nullopt;
  }
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> owner(bytes, &std::free);
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

}  // namespace crier::services::credentials
