#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "dataplane/access/identity.hpp"
#include "services/credentials/problem.hpp"

namespace crier::services::credentials {

struct TokenLine {
  std::string_view token;  // of the line
  dataplane::Identity identity;
};

// SUBJECT TOKEN [LABEL=VALUE ...]; nothing for a line without meaning. The line comes without
// its end. A problem quotes nothing:
// where columns are mixed up, anything may be a token.
[[nodiscard]] std::variant<std::optional<TokenLine>, Problem> parse_token_line(
    std::string_view line);

}  // namespace crier::services::credentials
