#include "services/control/cluster_token.hpp"

#include <charconv>
#include <cstddef>

#include "services/control/node_id.hpp"
#include "services/control/page_token.hpp"

namespace crier::services::control {
namespace {

// The hexadecimal text of the epoch, then the node's own token, whose check covers the epoch too.
constexpr std::size_t kEpochChars = dataplane::kIncarnationBits / 4;

}  // namespace

std::string make_cluster_token(const ClusterPosition& position, std::string_view filter) {
  const PageContext context{position.epoch, filter};
  return epoch_text(position.epoch) +
         (position.token.empty() ? make_page_token(context, {}) : position.token);
}

std::optional<ClusterPosition> parse_cluster_token(std::string_view text, std::string_view filter) {
  if (text.size() < kEpochChars) return std::nullopt;
  ClusterPosition position;
  const std::string epoch(text.substr(0, kEpochChars));
  std::from_chars(epoch.data(), epoch.data() + epoch.size(), position.epoch, 16);
  if (epoch_text(position.epoch) != epoch) return std::nullopt;
  position.token = text.substr(kEpochChars);
  if (!parse_page_token({position.epoch, filter}, position.token)) return std::nullopt;
  return position;
}

}  // namespace crier::services::control
