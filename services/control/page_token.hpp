#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dataplane/client_info.hpp"

namespace crier::services::control {

// What a page token belongs to: a token means something only for the run of the node and the
// filter it was made for.
struct PageContext {
  std::uint64_t incarnation = 0;
  std::string_view filter;  // the listener's name
};

// Opaque to callers, URL-safe text.
[[nodiscard]] std::string make_page_token(const PageContext& context,
                                          const dataplane::ListPosition& position);

// Returns nothing unless `token` is exactly what make_page_token gave for this context.
[[nodiscard]] std::optional<dataplane::ListPosition> parse_page_token(const PageContext& context,
                                                                      std::string_view token);

}  // namespace crier::services::control
