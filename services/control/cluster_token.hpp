#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier::services::control {

// Where a listing of a cluster goes on: at a node, with the page token of that node alone.
struct ClusterPosition {
  std::uint64_t epoch = 0;
  std::string token;
};

// Opaque to callers, URL-safe text, the same from every node. An empty `token` of the position
// means the node's beginning.
[[nodiscard]] std::string make_cluster_token(const ClusterPosition& position,
                                             std::string_view filter);

// Returns nothing unless `text` is exactly what make_cluster_token gave for this filter.
[[nodiscard]] std::optional<ClusterPosition> parse_cluster_token(std::string_view text,
                                                                 std::string_view filter);

}  // namespace crier::services::control
