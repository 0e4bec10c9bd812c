// What can be asked of a node: its listeners, its clients, its numbers.
#include <algorithm>
#include <iterator>
#include <utility>

#include "dataplane/node/node.hpp"
#include "dataplane/node/sorted_unique.hpp"

namespace crier::dataplane {

std::vector<Dataplane::Listener> Dataplane::Impl::listeners() const {
  std::vector<Listener> all;
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    all.push_back({listeners_[i]->config.name, acceptors_[i]->address()});
  }
  return all;
}

std::optional<ListenerIndex> Dataplane::Impl::find_listener(std::string_view name) const {
  for (const auto& listener : listeners_) {
    if (listener->config.name == name) return listener->index;
  }
  return std::nullopt;
}

std::uint64_t Dataplane::Impl::clients(std::optional<ListenerIndex> listener) const {
  std::uint64_t total = 0;
  for (const auto& each : listeners_) {
    if (!listener || *listener == each->index) {
      total += each->clients();
    }
  }
  return total;
}

void Dataplane::Impl::list(ListRequest request, std::function<void(ListPage)> done) {
  list_from(std::move(request), {}, std::move(done));
}

// One shard after the other, until the page is full or enough slots were looked at.
void Dataplane::Impl::list_from(ListRequest request, ListPage so_far,
                                std::function<void(ListPage)> done) {
  const std::uint32_t shard = request.from.shard;
  if (shard >= shards_.size()) {
    so_far.next.reset();
    answers_.push([so_far = std::move(so_far), done = std::move(done)]() mutable {
      done(std::move(so_far));
    });
    return;
  }
  ListRequest rest = request;
  rest.page_size -= static_cast<std::uint32_t>(so_far.clients.size());
  shards_[shard]->list(rest, [this, request, so_far = std::move(so_far),
                              done = std::move(done)](ListPage page) mutable {
    std::move(page.clients.begin(), page.clients.end(), std::back_inserter(so_far.clients));
    so_far.next = page.next ? *page.next : ListPosition{request.from.shard + 1, 0};
    // What is left of the scan bound is not worth counting to the slot: one bound for each shard.
    const bool enough = page.next || so_far.clients.size() >= request.page_size;
    if (!enough || so_far.next->shard >= shards_.size()) {
      request.from = *so_far.next;
      list_from(std::move(request), std::move(so_far), std::move(done));
      return;
    }
    answers_.push([so_far = std::move(so_far), done = std::move(done)]() mutable {
      done(std::move(so_far));
    });
  });
}

void Dataplane::Impl::get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done) {
  auto answer = [this, done = std::move(done)](std::optional<ClientInfo> info) {
    answers_.push([info = std::move(info), done] { done(info); });
  };
  if (routable(id)) {
    shards_[id.shard]->get(id, std::move(answer));
  } else {
    answer(std::nullopt);
  }
}

void Dataplane::Impl::disconnect(DisconnectRequest request,
                                 std::function<void(DisconnectResult)> done) {
  auto job = std::make_shared<DisconnectJob>(std::move(request), shards_.size(), std::move(done));
  if (job->named) {
    for (const ClientId& id : sorted_unique(*job->request.only)) {
      (routable(id) ? job->parts[id.shard].only : job->unroutable).push_back(id);
    }
  }
  for (const auto& shard : shards_) shard->disconnect(job);
}

void Dataplane::Impl::on_disconnect_done(const DisconnectJobPtr& job) {
  answers_.push([job] { job->answer(); });
}

Stats Dataplane::Impl::stats() const {
  Stats stats;
  for (const auto& shard : shards_) stats.shards += shard->stats();
  for (const auto& listener : listeners_) {
    ListenerStats& each = stats.listeners.emplace_back();
    each.name = listener->config.name;
    each.connections = listener->clients();
    each.handshaking = listener->handshaking.load(std::memory_order_relaxed);
    each.accepted = listener->accepted.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < kRejectReasons; ++i) {
      each.rejected[i] = listener->rejected[i].load(std::memory_order_relaxed);
    }
  }
  for (const auto& sockets : sockets_) {
    const SendPath path = sockets->uses_ring() ? SendPath::kIoUring : SendPath::kSystemCalls;
    ++stats.shards_by_path[static_cast<std::size_t>(path)];
  }
  stats.connections_limit = connections_limit_;
  for (std::size_t i = 0; i < kAcceptErrors; ++i) {
    stats.accept_errors[i] = accept_stats_.errors[i].load(std::memory_order_relaxed);
  }
  const auto paused_ms = accept_stats_.paused_ms.load(std::memory_order_relaxed);
  stats.accept_paused_seconds = static_cast<double>(paused_ms) / 1000.0;
  const auto limited_ms = accept_stats_.rate_limited_ms.load(std::memory_order_relaxed);
  stats.accept_rate_limited_seconds = static_cast<double>(limited_ms) / 1000.0;
  stats.oldest_tick_seconds = std::chrono::duration<double>(oldest_tick()).count();
  stats.inflight_bytes = inflight_.used();
  stats.inflight_bytes_max = config_.max_inflight_bytes;
  stats.partial_bytes = partial_memory_.used();
  stats.partial_bytes_max = config_.max_partial_bytes;
  stats.queue_memory = queue_memory_.stats();
  stats.overloaded = overloaded_.load(std::memory_order_relaxed);
  const std::lock_guard lock(answered_mutex_);
  stats.broadcast_enqueue = enqueue_;
  stats.broadcast_targets = width_;
  return stats;
}

std::chrono::milliseconds Dataplane::Impl::oldest_tick() const {
  Time oldest = Time::max();
  for (const auto& shard : shards_) oldest = std::min(oldest, shard->last_tick());
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - oldest);
}

}  // namespace crier::dataplane
