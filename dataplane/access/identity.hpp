#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crier::dataplane {

// Who a client has proven to be. Text is printable UTF-8, as its Authenticator sees to.
struct Identity {
  static constexpr std::size_t kSubjectBytesMax = 256;
  static constexpr std::size_t kLabelsMax = 16;
  static constexpr std::size_t kLabelBytesMax = 256;  // of a name, and of a value

  std::string subject;  // not empty
  std::vector<std::pair<std::string, std::string>> labels;
  std::optional<std::chrono::system_clock::time_point> expires;  // absent: never
};

}  // namespace crier::dataplane
