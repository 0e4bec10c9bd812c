// What the control API asks of a shard: list, get, disconnect, drain.
#include <algorithm>
#include <utility>

#include "dataplane/shard/shard.hpp"

namespace crier::dataplane {
namespace {

// Connections that one turn of a Disconnect looks at.
constexpr std::size_t kDisconnectStep = 256;

bool of_listener(const Connection& connection, const std::optional<ListenerIndex>& listener) {
  return !connection.ended() && (!listener || *listener == connection.listener().index);
}

}  // namespace

void Shard::list(const ListRequest& request, PageDone done) {
  post([this, request, done = std::move(done)] {
    ListPage page;
    std::uint32_t slot = request.from.slot;
    const std::uint32_t slots = table_.slots();
    const std::uint64_t stop =
        std::min<std::uint64_t>(slots, std::uint64_t{slot} + request.scan_max);
    for (; slot < stop && page.clients.size() < request.page_size; ++slot) {
      const Connection* connection = table_.at(slot);
      if (connection == nullptr || !of_listener(*connection, request.listener)) continue;
      page.clients.push_back(connection->info_now(false));
    }
    if (slot < slots) page.next = ListPosition{shard_.shard, slot};
    done(std::move(page));
  });
}

void Shard::get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done) {
  post([this, id, done = std::move(done)] {
    const Connection* connection = table_.find(id);
    const bool there = connection != nullptr && !connection->ended();
    done(there ? std::optional(connection->info_now(true)) : std::nullopt);
  });
}

void Shard::disconnect(DisconnectJobPtr job) {
  post([this, job = std::move(job)] { disconnect_step(job, 0); });
}

// A portion of the named clients, or of all slots, from `next` on.
void Shard::disconnect_step(const DisconnectJobPtr& job, std::size_t next) {
  DisconnectJob::Part& part = job->parts[shard_.shard];
  const std::size_t end = job->named ? part.only.size() : table_.slots();
  const std::size_t stop = std::min(end, next + kDisconnectStep);
  for (; next < stop; ++next) {
    Connection* connection =
        job->named ? table_.find(part.only[next]) : table_.at(static_cast<std::uint32_t>(next));
    if (connection != nullptr && of_listener(*connection, job->request.listener)) {
      disconnect_one(*job, *connection);
    } else if (job->named) {
      part.result.unknown.push_back(part.only[next]);
    }
  }
  if (next < end) {
    post([this, job, next] { disconnect_step(job, next); });
  } else if (job->finish_part()) {
    observer_.on_disconnect_done(job);
  }
}

void Shard::disconnect_one(DisconnectJob& job, Connection& connection) {
  DisconnectResult& result = job.parts[shard_.shard].result;
  ++result.matched;
  if (!connection.active()) return;
  ++result.disconnected;
  if (job.request.validate_only) return;
  const Farewell farewell = job.request.flush ? Farewell::kFlush : Farewell::kDiscard;
  connection.close(CloseReason::kDisconnected, farewell);
}

void Shard::drain(std::chrono::milliseconds spread, std::chrono::milliseconds flush) {
  post([this, spread, flush] {
    shard_.flush = flush;
    draining_ = true;
    lobby_.clear();
    drain_end_ = shard_.now + spread;
    std::uniform_int_distribution<std::int64_t> moment(0, spread.count());
    for_each_connection([&](Connection& connection) {
      connection.close_at(shard_.now + std::chrono::milliseconds(moment(shard_.random)));
    });
    // Whose moment is now need not wait for the next tick.
    expire();
  });
}

void Shard::close_all() {
  post([this] {
    lobby_.clear();
    for_each_connection([](Connection& c) { c.close(CloseReason::kHardStop); });
  });
}

void Shard::node_has_room() {
  post([this] {
    waiting_for_room_ = false;
    for (const auto& handle : std::exchange(shard_.awaiting_node, {})) {
      if (Connection* connection = table_.find(handle.slot, handle.serial)) {
        connection->on_node_room();
      }
    }
  });
}

void Shard::queue_memory_changed() {
  post([this] { eviction_.begin(); });
}

void Shard::complete_reply(const ClientId& client, std::uint64_t sequence,
                           std::optional<std::string> payload) {
  post([this, client, sequence, payload = std::move(payload)]() mutable {
    if (Connection* connection = table_.find(client)) {
      connection->on_reply(sequence, std::move(payload));
    }
  });
}

}  // namespace crier::dataplane
