#include "services/control/cluster_listing.hpp"

#include <algorithm>
#include <utility>

#include "services/control/cluster_token.hpp"
#include "services/control/page_size.hpp"

namespace crier::services::control {

void ClusterListing::start(Control& control, Peers& peers, const v1::ListClientsRequest& request,
                           v1::ListClientsResponse& response, Control::Done done) {
  const auto listing =
      std::make_shared<ClusterListing>(control, peers, request, response, std::move(done));
  if (!listing->seek()) {
    listing->done_(bad_page_token());
    return;
  }
  listing->count();
  listing->next_page();
}

ClusterListing::ClusterListing(Control& control, Peers& peers,
                               const v1::ListClientsRequest& request,
                               v1::ListClientsResponse& response, Control::Done done)
    : control_(control),
      peers_(peers),
      request_(request),
      response_(response),
      done_(std::move(done)),
      page_size_(effective_page_size(request.page_size())) {
  nodes_.push_back({control_.own_epoch(), true});
  for (const Peer& peer : peers_.others()) nodes_.push_back({peer.epoch, peer.reachable});
  std::sort(nodes_.begin(), nodes_.end(),
            [](const Node& a, const Node& b) { return a.epoch < b.epoch; });
}

// Finds where the page begins. False: the token is not one of this listing.
bool ClusterListing::seek() {
  if (request_.page_token().empty()) return true;
  auto position = parse_cluster_token(request_.page_token(), request_.listener());
  if (!position) return false;
  const auto node = std::find_if(nodes_.begin(), nodes_.end(),
                                 [&](const Node& each) { return each.epoch >= position->epoch; });
  at_ = static_cast<std::size_t>(node - nodes_.begin());
  if (node != nodes_.end() && node->epoch == position->epoch) {
    token_ = std::move(position->token);
  } else {
    note_unreachable(position->epoch);  // it left between two pages
  }
  return true;
}

void ClusterListing::count() {
  total_ = control_.count_clients(request_.listener());
  v1::BusRequest request;
  request.mutable_count()->set_listener(request_.listener());
  for (const Node& node : nodes_) {
    if (node.epoch == control_.own_epoch()) continue;
    if (!node.reachable) {
      note_unreachable(node.epoch);
      continue;
    }
    left_.fetch_add(1, std::memory_order_relaxed);
    peers_.ask(node.epoch, request, kWaitDefault,
               [self = shared_from_this(), epoch = node.epoch](std::optional<v1::BusReply> reply) {
                 if (reply) {
                   self->total_.fetch_add(reply->count(), std::memory_order_relaxed);
                 } else {
                   self->note_unreachable(epoch);
                 }
                 self->one_done();
               });
  }
}

void ClusterListing::next_page() {
  const int room = page_size_ - response_.clients_size();
  skip_unreachable();
  if (room == 0 || at_ == nodes_.size()) {
    end_page();
    return;
  }
  v1::BusRequest request;
  v1::ListClientsRequest& list = *request.mutable_list_clients();
  list.set_scope(v1::SCOPE_LOCAL);
  list.set_page_size(room);
  list.set_page_token(token_);
  list.set_listener(request_.listener());
  if (nodes_[at_].epoch == control_.own_epoch()) {
    own_page_.Clear();
    auto own = std::make_shared<v1::ListClientsRequest>(std::move(list));
    control_.list_clients(*own, own_page_, [self = shared_from_this(), own](const Status& status) {
      self->on_page(status.ok() ? std::optional(std::move(self->own_page_)) : std::nullopt);
    });
    return;
  }
  peers_.ask(nodes_[at_].epoch, std::move(request), kWaitDefault,
             [self = shared_from_this()](std::optional<v1::BusReply> reply) {
               const bool good = reply && reply->has_list_clients();
               self->on_page(good ? std::optional(std::move(*reply->mutable_list_clients()))
                                  : std::nullopt);
             });
}

void ClusterListing::on_page(std::optional<v1::ListClientsResponse> page) {
  if (!page) {
    note_unreachable(nodes_[at_].epoch);
    next_node();
    end_page();
    return;
  }
  for (v1::Client& client : *page->mutable_clients()) {
    *response_.add_clients() = std::move(client);
  }
  token_ = page->next_page_token();
  if (!token_.empty()) {
    end_page();
    return;
  }
  next_node();
  next_page();
}

void ClusterListing::next_node() {
  ++at_;
  token_.clear();
}

void ClusterListing::skip_unreachable() {
  while (at_ < nodes_.size() && !nodes_[at_].reachable) next_node();
}

void ClusterListing::end_page() {
  skip_unreachable();
  if (at_ < nodes_.size()) {
    response_.set_next_page_token(
        make_cluster_token({nodes_[at_].epoch, token_}, request_.listener()));
  }
  one_done();
}

void ClusterListing::note_unreachable(std::uint64_t epoch) {
  const std::lock_guard lock(mutex_);
  const auto at = std::lower_bound(unreachable_.begin(), unreachable_.end(), epoch);
  if (at == unreachable_.end() || *at != epoch) unreachable_.insert(at, epoch);
}

void ClusterListing::one_done() {
  if (left_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  response_.set_total_size(total_.load(std::memory_order_relaxed));
  for (const std::uint64_t epoch : unreachable_) {
    response_.add_unreachable(peers_.node_id(epoch));
  }
  done_({});
}

}  // namespace crier::services::control
