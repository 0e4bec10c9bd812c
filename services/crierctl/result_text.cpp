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
  std::string text;
  for (int i = 0; i < std::min(ids.size(), kIdsShown); ++i) {
    text += (i == 0 ? ", unknown: " : ", ") + escaped(ids[i]);
  }
  if (ids.size() > kIdsShown) text += " and " + std::to_string(ids.size() - kIdsShown) + " more";
  return text;
}

void add_drop(v1::BroadcastResponse& sum, const v1::Drop& drop) {
  for (v1::Drop& known : *sum.mutable_dropped()) {
    if (known.reason() == drop.reason()) {
      known.set_count(known.count() + drop.count());
      return;
    }
  }
  *sum.add_dropped() = drop;
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

std::string result_text(const v1::BroadcastResponse& response) {
  std::string text = "matched " + std::to_string(response.matched()) + ", queued " +
                     std::to_string(response.queued());
  std::int64_t dropped = 0;
  for (const v1::Drop& drop : response.dropped()) dropped += drop.count();
  if (dropped > 0) {
    text += ", dropped " + std::to_string(dropped) + " (" + drops_text(response.dropped()) + ')';
  }
  if (response.evicted() > 0) text += ", evicted " + std::to_string(response.evicted());
  return text + unknown_text(response.unknown_client_ids());
}

std::string result_text(const v1::DisconnectResponse& response) {
  return "matched " + std::to_string(response.matched()) + ", disconnected " +
         std::to_string(response.disconnected()) + unknown_text(response.unknown_client_ids());
}

void add_result(v1::BroadcastResponse& sum, const v1::BroadcastResponse& more) {
  sum.set_matched(sum.matched() + more.matched());
  sum.set_queued(sum.queued() + more.queued());
  sum.set_evicted(sum.evicted() + more.evicted());
  for (const v1::Drop& drop : more.dropped()) add_drop(sum, drop);
  for (const std::string& id : more.unknown_client_ids()) {
    const Ids& known = sum.unknown_client_ids();
    if (std::find(known.begin(), known.end(), id) == known.end()) sum.add_unknown_client_ids(id);
  }
}

}  // namespace crier::services::crierctl
