// Any bytes as a configuration: YAML, and after each NUL one --set argument. What is accepted must
// survive being printed and read again, unless it has a secret; what is refused must be one line of
// printable text.
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/config/config.hpp"

namespace config = crier::services::config;

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view yaml = input.substr(0, input.find('\0'));
  std::vector<std::string> sets;
  for (std::size_t at = yaml.size(); at < input.size();) {
    const std::size_t end = std::min(input.find('\0', at + 1), input.size());
    sets.emplace_back(input.substr(at + 1, end - at - 1));
    at = end;
  }
  const config::Result result = config::parse(yaml, "fuzz.yaml", sets);
  if (const auto* error = std::get_if<config::Error>(&result)) {
    require(!error->text.empty());
    require(error->text.find_first_of(std::string_view("\0\n\r\t\x1b", 5)) == std::string::npos);
    return 0;
  }
  const auto& accepted = std::get<crier::v1::Config>(result);
  const config::Result again = config::parse(config::print(accepted), "printed.yaml");
  if (!accepted.bus().password().empty()) {
    require(std::holds_alternative<config::Error>(again));
    return 0;
  }
  require(std::holds_alternative<crier::v1::Config>(again));
  require(google::protobuf::util::MessageDifferencer::Equals(accepted,
                                                             std::get<crier::v1::Config>(again)));
  return 0;
}
