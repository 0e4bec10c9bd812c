#include "services/crierctl/cluster_text.hpp"

#include <algorithm>

#include "services/crierctl/escape.hpp"
#include "services/crierctl/result_text.hpp"

namespace crier::services::crierctl {
namespace {

std::string node_line(const v1::NodeCounts& node) {
  return "node " + escaped(node.node_id()) + ": " + result_text(node) + '\n';
}

bool refused(const v1::NodeCounts& node) {
  return !node.refused().empty() && node.refused() != "UNKNOWN_LISTENER";
}

const char* outcome_text(v1::Published published) {
  switch (published) {
    case v1::PUBLISHED_CONFIRMED:
      return "published: confirmed by the bus";
    case v1::PUBLISHED_UNCONFIRMED:
      return "published: not yet confirmed by the bus";
    case v1::PUBLISHED_BUS_DOWN:
      return "not published: no connection to the bus";
    case v1::PUBLISHED_BACKLOG_FULL:
      return "not published: too much waits for the bus already";
    default:  // of a newer server
      return "published: unknown";
  }
}

}  // namespace

std::string nodes_text(const v1::BroadcastResponse& response) {
  std::string text;
  if (!response.nodes().empty() || !response.local().refused().empty()) {
    text += node_line(response.local());
  }
  for (const v1::NodeCounts& node : response.nodes()) text += node_line(node);
  const std::string unreachable =
      unreachable_text(response.unreachable(), "clients there may not have got it");
  return unreachable.empty() ? text : text + unreachable + '\n';
}

std::string published_text(const v1::BroadcastResponse& response) {
  if (response.published() == v1::PUBLISHED_UNSPECIFIED) return {};
  std::string text = outcome_text(response.published());
  if (response.nodes().empty() && !response.local().node_id().empty()) {
    text += "; the counts are of node " + escaped(response.local().node_id()) + " alone";
  }
  return text + '\n';
}

std::string unreachable_text(const google::protobuf::RepeatedPtrField<std::string>& node_ids,
                             std::string_view consequence) {
  if (node_ids.empty()) return {};
  return "unreachable: " + ids_text(node_ids) + "; " + std::string(consequence);
}

bool not_published(const v1::BroadcastResponse& response) {
  return response.published() == v1::PUBLISHED_BUS_DOWN ||
         response.published() == v1::PUBLISHED_BACKLOG_FULL;
}

bool reached_every_node(const v1::BroadcastResponse& response) {
  const auto& nodes = response.nodes();
  return !not_published(response) && response.unreachable().empty() && !refused(response.local()) &&
         std::none_of(nodes.begin(), nodes.end(), refused);
}

}  // namespace crier::services::crierctl
