#include "services/control/status.hpp"

namespace crier::services::control {
namespace {

// Statuses travel in HTTP/2 headers, which are small: what a caller wrote is quoted in part.
constexpr std::size_t kQuotedCharsMax = 64;

std::string quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text.substr(0, kQuotedCharsMax)) {
    quoted.push_back(c >= ' ' && c <= '~' ? c : '?');
  }
  quoted += text.size() > kQuotedCharsMax ? "…'" : "'";
  return quoted;
}

Status make(Code code, std::string_view reason, std::string message) {
  Status status;
  status.code = code;
  status.reason = reason;
  status.message = std::move(message);
  return status;
}

}  // namespace

Status invalid_field(std::string_view field, std::string_view reason, std::string_view message) {
  Status status =
      make(Code::kInvalidArgument, reason, std::string(field) + ": " + std::string(message));
  status.metadata.emplace_back("field", field);
  return status;
}

Status no_request() {
  return make(Code::kInvalidArgument, "NO_REQUEST", "no request came that could be read");
}

Status payload_too_large(std::uint64_t bytes, std::uint64_t bytes_max) {
  Status status = invalid_field("payload", "PAYLOAD_TOO_LARGE",
                                "has " + std::to_string(bytes) + " bytes, at most " +
                                    std::to_string(bytes_max) + " are allowed");
  status.metadata.emplace_back("bytes_max", std::to_string(bytes_max));
  return status;
}

Status payload_unencodable() {
  return invalid_field("payload", "PAYLOAD_UNENCODABLE",
                       "the framing of no targeted listener can carry it");
}

Status too_many_client_ids(std::string_view what, std::size_t count, std::size_t count_max) {
  Status status = invalid_field("only, except", "TOO_MANY_CLIENT_IDS",
                                "hold " + std::to_string(count) + " " + std::string(what) +
                                    ", at most " + std::to_string(count_max) + " are allowed");
  status.metadata.emplace_back("max", std::to_string(count_max));
  return status;
}

Status unknown_listener(std::string_view name) {
  Status status = make(Code::kNotFound, "UNKNOWN_LISTENER", "there is no listener " + quote(name));
  status.metadata.emplace_back("field", "listener");
  return status;
}

Status unknown_client(std::string_view id) {
  Status status =
      make(Code::kNotFound, "UNKNOWN_CLIENT", "no client " + quote(id) + " is connected");
  status.metadata.emplace_back("field", "client_id");
  return status;
}

Status node_unreachable(std::string_view node_id) {
  Status status = make(Code::kUnavailable, "NODE_UNREACHABLE",
                       "node " + quote(node_id) + ", which holds the client, does not answer");
  status.retry_after = kRetryAfter;
  return status;
}

Status bad_page_token() {
  return invalid_field("page_token", "BAD_PAGE_TOKEN",
                       "is not one that was given for this request; start a new listing");
}

Status request_id_reused() {
  return invalid_field("request_id", "REQUEST_ID_REUSED",
                       "was used for a different request; an id names one request");
}

Status request_id_with_validate_only() {
  return invalid_field("request_id", "REQUEST_ID_WITH_VALIDATE_ONLY",
                       "must be empty where validate_only is set: nothing is sent, so nothing is "
                       "to be remembered");
}

Status request_ids_full() {
  Status status = make(Code::kResourceExhausted, "REQUEST_IDS_FULL",
                       "too many requests with a request_id are in flight; try again later");
  status.retry_after = kRetryAfter;
  return status;
}

Status request_abandoned() {
  Status status = make(Code::kAborted, "REQUEST_ABANDONED",
                       "the call that first carried this request_id was cancelled; try again");
  status.retry_after = kRetryAfter;
  return status;
}

Status overloaded() {
  Status status = make(Code::kResourceExhausted, "OVERLOADED",
                       "too many broadcasts are in flight on this node; try again later");
  status.retry_after = kRetryAfter;
  return status;
}

Status queue_memory_full() {
  Status status = make(Code::kResourceExhausted, "QUEUE_MEMORY_FULL",
                       "the queues of this node's clients hold too much; try again later");
  status.retry_after = kRetryAfter;
  return status;
}

Status drained() {
  return make(Code::kUnavailable, "DRAINED", "this node is ending and its last client has left");
}

Status shutting_down() {
  return make(Code::kUnavailable, "SHUTTING_DOWN", "this node is ending");
}

Status cancelled() {
  return make(Code::kCancelled, "CANCELLED", "the caller cancelled the call");
}

Status unauthenticated(std::string_view method, std::string_view why) {
  Status status = make(Code::kUnauthenticated, "UNAUTHENTICATED", "the call " + std::string(why));
  status.metadata.emplace_back("method", method);
  return status;
}

Status permission_denied(std::string_view method, std::string_view caller, std::string_view role) {
  Status status = make(Code::kPermissionDenied, "PERMISSION_DENIED",
                       quote(caller) + " may not call " + std::string(method) +
                           ", which needs the role " + std::string(role));
  status.metadata.emplace_back("method", method);
  status.metadata.emplace_back("role", role);
  return status;
}

Status at_index(Status status, std::uint64_t index) {
  status.message = "request " + std::to_string(index) + ": " + status.message;
  status.metadata.emplace_back("index", std::to_string(index));
  return status;
}

}  // namespace crier::services::control
