#include "services/crierctl/broadcast_totals.hpp"

#include <algorithm>

#include "services/crierctl/add_once.hpp"
#include "services/crierctl/cluster_text.hpp"
#include "services/crierctl/human.hpp"
#include "services/crierctl/output.hpp"
#include "services/crierctl/result_text.hpp"

namespace crier::services::crierctl {
namespace {

using Drops = google::protobuf::RepeatedPtrField<v1::Drop>;

void add_drop(Drops& sum, const v1::Drop& drop) {
  for (v1::Drop& known : sum) {
    if (known.reason() == drop.reason()) {
      known.set_count(known.count() + drop.count());
      return;
    }
  }
  *sum.Add() = drop;
}

// Of whole answers or of one node's parts.
template <typename Counts>
void add_counts(Counts& sum, const Counts& more) {
  sum.set_matched(sum.matched() + more.matched());
  sum.set_queued(sum.queued() + more.queued());
  sum.set_evicted(sum.evicted() + more.evicted());
  for (const v1::Drop& drop : more.dropped()) add_drop(*sum.mutable_dropped(), drop);
}

void add_node(v1::NodeCounts& sum, const v1::NodeCounts& more) {
  sum.set_node_id(more.node_id());
  add_counts(sum, more);
  if (sum.refused().empty()) sum.set_refused(more.refused());
}

v1::NodeCounts& node_of(v1::BroadcastResponse& sum, const std::string& node_id) {
  for (v1::NodeCounts& node : *sum.mutable_nodes()) {
    if (node.node_id() == node_id) return node;
  }
  return *sum.add_nodes();
}

}  // namespace

void BroadcastTotals::add(const v1::BroadcastResponse& response) {
  ++broadcasts;
  if (crierctl::not_published(response)) ++not_published;
  add_counts(sum, response);
  for (const std::string& id : response.unknown_client_ids()) {
    add_once(*sum.mutable_unknown_client_ids(), id);
  }
  if (response.has_local()) add_node(*sum.mutable_local(), response.local());
  for (const v1::NodeCounts& node : response.nodes()) add_node(node_of(sum, node.node_id()), node);
  for (const std::string& id : response.unreachable()) add_once(*sum.mutable_unreachable(), id);
  sum.set_published(std::max(sum.published(), response.published()));
}

std::string totals_text(const BroadcastTotals& totals) {
  std::string text = grouped(totals.broadcasts) +
                     (totals.broadcasts == 1 ? " broadcast: " : " broadcasts: ") +
                     result_text(totals.sum);
  if (totals.not_published > 0) text += ", not published " + std::to_string(totals.not_published);
  text += '\n' + nodes_text(totals.sum);
  text.pop_back();
  return text;
}

std::string totals_json(const BroadcastTotals& totals) {
  return "{\"broadcasts\":\"" + std::to_string(totals.broadcasts) + "\",\"not_published\":\"" +
         std::to_string(totals.not_published) + "\"," + json_text(totals.sum).substr(1);
}

bool reached_every_node(const BroadcastTotals& totals) {
  return totals.not_published == 0 && reached_every_node(totals.sum);
}

}  // namespace crier::services::crierctl
