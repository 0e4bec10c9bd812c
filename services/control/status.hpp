#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/control/code.hpp"

namespace crier::services::control {

// How a call ended, without gRPC. A value; the default one is OK.
struct [[nodiscard]] Status {
  Code code = Code::kOk;
  std::string reason;   // UPPER_SNAKE, for programs
  std::string message;  // a sentence, for people
  std::vector<std::pair<std::string, std::string>> metadata;
  std::optional<std::chrono::milliseconds> retry_after;  // when the same call is worth repeating

  [[nodiscard]] bool ok() const { return code == Code::kOk; }
};

// A value, or why there is none.
template <class T>
struct [[nodiscard]] Result {
  Status status;
  T value{};
};

inline constexpr std::chrono::milliseconds kRetryAfter{100};

// Every error this API gives. `field` is the request's field, also ErrorInfo's metadata.
Status invalid_field(std::string_view field, std::string_view reason, std::string_view message);
Status no_request();
Status payload_too_large(std::uint64_t bytes, std::uint64_t bytes_max);
Status payload_unencodable();
Status too_many_client_ids(std::string_view what, std::size_t count, std::size_t count_max);
Status unknown_listener(std::string_view name);
Status unknown_client(std::string_view id);
Status node_unreachable(std::string_view node_id);
Status bad_page_token();
Status request_id_reused();
Status request_id_with_validate_only();
Status request_ids_full();
Status request_abandoned();
Status overloaded();
Status queue_memory_full();
Status drained();
Status shutting_down();
Status cancelled();
// `method` and `role` are ours, `caller` is who calls.
Status unauthenticated(std::string_view method, std::string_view why);
Status permission_denied(std::string_view method, std::string_view caller, std::string_view role);

// The same error, said of the request with this zero-based index on a stream.
Status at_index(Status status, std::uint64_t index);

}  // namespace crier::services::control
