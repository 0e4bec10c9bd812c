// Any bytes as a file of tokens. What is wrong is said in one short printable line; where it is
// right, each of its tokens is held by the subject in front of it, and by nobody with one more
// byte.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "services/credentials/token_line.hpp"
#include "services/credentials/tokens.hpp"
#include "services/files/words.hpp"
#include "services/logging/escape.hpp"

using namespace crier::services::credentials;
using crier::dataplane::Identity;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void require_held(const Tokens& tokens, const TokenLine& line) {
  const auto outcome = tokens.find(line.token);
  const auto* identity = std::get_if<Identity>(&outcome);
  require(identity != nullptr);
  require(identity->subject == line.identity.subject);
  require(identity->labels == line.identity.labels);
  require(identity->labels.size() <= Identity::kLabelsMax);
  require(!identity->subject.empty() && identity->subject.size() <= Identity::kSubjectBytesMax);
  require(crier::services::logging::is_printable(identity->subject));
  require(!std::holds_alternative<Identity>(tokens.find(std::string(line.token) + '\n')));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = Tokens::parse(text);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    require(!problem->text.empty() && problem->text.size() < 200);
    require(crier::services::logging::is_printable(problem->text));
    return 0;
  }
  const auto& tokens = std::get<Tokens>(parsed);
  while (!text.empty()) {
    const auto entry = parse_token_line(crier::services::files::take_line(text));
    const auto& found = std::get<std::optional<TokenLine>>(entry);
    if (found) require_held(tokens, *found);
  }
  return 0;
}
