#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/client_id.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// Of one request, all its ClientIds together.
inline constexpr std::size_t kClientIdsMax = 100'000;
inline constexpr std::size_t kClientIdBytesMax = 8U << 20U;

// Client ids as a caller wrote them: distinct, sorted, and told apart by whether they can be ids.
struct ClientIdSet {
  std::vector<dataplane::ClientId> ids;
  std::vector<std::string> malformed;  // name no client, so they are reported as unknown
};

// Checks the two bounds. `except` may be null, `only` too.
Status check_client_ids(const v1::ClientIds* only, const v1::ClientIds* except);

[[nodiscard]] ClientIdSet parse_client_ids(const v1::ClientIds& texts);

// The most that an answer can hold, serialized, when every id of `only` is reported as unknown.
[[nodiscard]] std::size_t answer_bytes_max(const v1::ClientIds& only);

// Takes everything out of `set` that `other` holds too.
void subtract(ClientIdSet& set, const ClientIdSet& other);

}  // namespace crier::services::control
