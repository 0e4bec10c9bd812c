#include "services/bus/redis/stream_entry.hpp"

#include <charconv>
#include <cstddef>
#include <utility>

namespace crier::services::bus::redis {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const char* const first = text.data();
  const char* const last = first + text.size();
  const auto [end, error] = std::from_chars(first, last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

}  // namespace

std::string StreamId::text() const {
  return std::to_string(time_ms) + "-" + std::to_string(count);
}

std::optional<StreamId> parse_stream_id(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto time_ms = parse_number(text.substr(0, dash));
  const auto count = parse_number(text.substr(dash + 1));
  if (!time_ms || !count) return std::nullopt;
  return StreamId{*time_ms, *count};
}

std::optional<StreamEntry> parse_stream_entry(Reply&& reply) {
  Reply whole = std::move(reply);
  if (!whole.is(Reply::Kind::kArray) || whole.elements.size() != 2) return std::nullopt;
  const auto id = parse_stream_id(whole.elements[0].text);
  if (!id) return std::nullopt;
  StreamEntry entry{.id = *id, .to = 0, .message = {}, .probe = {}};
  std::vector<Reply>& fields = whole.elements[1].elements;
  std::optional<std::uint64_t> to;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& name = fields[i].text;
    std::string& value = fields[i + 1].text;
    if (name == "t") {
      to = parse_number(value);
    } else if (name == "m") {
      entry.message = std::move(value);
    } else if (name == "p") {
      entry.probe = std::move(value);
    }
  }
  if (to) {
    entry.to = *to;
  } else {
    entry.message.reset();
    entry.probe.reset();
  }
  return entry;
}

}  // namespace crier::services::bus::redis
