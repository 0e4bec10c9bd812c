// Any bytes as a file of roles. What is refused must be refused in words of our own, since the
// bytes may hold a token; what is read must know nobody by what stands in no line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "services/control/access/roles.hpp"

using crier::services::control::Roles;

namespace {

constexpr std::size_t kReasonBytesMax = 100;
void require(bool condition) {
  if (!condition) std::abort();
}

void require_own_words(const Roles::Problem& problem) {
  require(!problem.reason.empty() && problem.reason.size() <= kReasonBytesMax);
  // No word of ours is as long as a token.
  std::size_t word = 0;
  for (const char c : problem.reason) {
    word = c == ' ' ? 0 : word + 1;
    require(word < Roles::kTokenBytesMin);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = Roles::parse(text);
  if (const auto* problem = std::get_if<Roles::Problem>(&parsed)) {
    require_own_words(*problem);
    return 0;
  }
  const Roles& roles = std::get<Roles>(parsed);
  require(roles.size() > 0 && roles.size() <= Roles::kCallersMax);
  for (const std::string_view shown : {std::string_view(), text}) {
    const auto* caller = roles.by_token(shown);
    require(caller == nullptr);
  }
  require(roles.by_subject("") == nullptr);
  // The same lines behind a comment are the same callers.
  const auto again = Roles::parse("# again\n" + std::string(text));
  const auto* same = std::get_if<Roles>(&again);
  require(same != nullptr || text.size() + sizeof "# again" > Roles::kTextBytesMax);
  require(same == nullptr || same->size() == roles.size());
  return 0;
}
