#include "services/crierctl/result_text.hpp"

#include <algorithm>
#include <cstdint>

#include "services/crierctl/enum_text.hpp"
#include "services/crierctl/escape.hpp"

namespace crier::services::crierctl {
namespace {

using Ids = google::protobuf::RepeatedPtrField<std::string>;

// More would bury the counts; --json has them all.
constexpr int kIdsShown = 10;

std::string unknown_text(const Ids& ids) {
  return ids.empty() ? "" : ", unknown: " + ids_text(ids);
}

// Of a whole answer or of one node's part.
template <typename Counts>
std::string counts_text(const Counts& counts) {
  std::string text =
      "matched " + std::to_string(counts.matched()) + ", queued " + std::to_string(counts.queued());
  std::int64_t dropped = 0;
  for (const v1::Drop& drop : counts.dropped()) dropped += drop.count();
  if (dropped > 0) {
    text += ", dropped " + std::to_string(dropped) + " (" + drops_text(counts.dropped()) + ')';
  }
  if (counts.evicted() > 0) text += ", evicted " + std::to_string(counts.evicted());
  return text;
}

}  // namespace

std::string drops_text(const google::protobuf::RepeatedPtrField<v1::Drop>& drops) {
  std::string text;
  for (const v1::Drop& drop : drops) {
    if (drop.count() == 0) continue;
    if (!text.empty()) text += ", ";
    text += text_of(drop.reason()) + ' ' + std::to_string(drop.count());
  }
  return text;
}

std::string ids_text(const Ids& ids) {
  std::string text;
  for (int i = 0; i < std::min(ids.size(), kIdsShown); ++i) {
    text += (i == 0 ? "" : ", ") + escaped(ids[i]);
  }
  if (ids.size() > kIdsShown) text += " and " + std::to_string(ids.size() - kIdsShown) + " more";
  return text;
}

std::string result_text(const v1::BroadcastResponse& response) {
  return counts_text(response) + unknown_text(response.unknown_client_ids());
}

std::string result_text(const v1::NodeCounts& node) {
  const std::string text = counts_text(node);
  return node.refused().empty() ? text : text + ", refused: " + escaped(node.refused());
}

std::string result_text(const v1::DisconnectResponse& response) {
  return "matched " + std::to_string(response.matched()) + ", disconnected " +
         std::to_string(response.disconnected()) + unknown_text(response.unknown_client_ids());
}

}  // namespace crier::services::crierctl
