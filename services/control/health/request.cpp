#include "services/control/health/request.hpp"

namespace crier::services::control {

std::optional<std::string> health_request(std::string_view bytes) {
  constexpr char kFieldOne = 0x0A;
  constexpr std::size_t kHeaderBytes = 2;
  constexpr std::size_t kNameBytesMax = 127;
  if (bytes.empty()) return "";
  if (bytes.size() < kHeaderBytes || bytes.size() > kHeaderBytes + kNameBytesMax) {
    return std::nullopt;
  }
  if (bytes[0] != kFieldOne || static_cast<std::size_t>(bytes[1]) != bytes.size() - kHeaderBytes) {
    return std::nullopt;
  }
  return std::string(bytes.substr(kHeaderBytes));
}

}  // namespace crier::services::control
