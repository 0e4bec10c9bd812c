// What goes to the bus.
#include <algorithm>
#include <asio/dispatch.hpp>
#include <asio/post.hpp>
#include <utility>

#include "services/cluster/cluster.hpp"

namespace crier::services::cluster {
namespace {

// The part of a broadcast for one node.
v1::BroadcastRequest request_for(std::uint64_t epoch, const control::PeerBroadcast& broadcast) {
  v1::BroadcastRequest request = broadcast.request;
  if (!broadcast.parts) return request;
  v1::ClientIds& only = *request.mutable_only();
  for (const control::PeerPart& part : *broadcast.parts) {
    if (part.epoch != epoch) continue;
    for (const auto& id : part.only) only.add_client_ids(dataplane::to_string(id));
  }
  return request;
}

Asked result_of(const std::optional<v1::BusReply>& reply) {
  if (!reply) return Asked::kTimedOut;
  return reply->code() == 0 ? Asked::kAnswered : Asked::kRefused;
}

}  // namespace

// Whom a broadcast concerns, by whether there is any use in asking.
struct Cluster::Audience {
  std::vector<std::uint64_t> reachable;
  std::vector<std::uint64_t> unreachable;
};

Cluster::Audience Cluster::audience(const control::PeerBroadcast& broadcast) const {
  Audience audience;
  for (const control::Peer& peer : others()) {
    const bool concerned =
        !broadcast.parts ||
        std::any_of(broadcast.parts->begin(), broadcast.parts->end(),
                    [&](const control::PeerPart& part) { return part.epoch == peer.epoch; });
    if (concerned) {
      (peer.reachable ? audience.reachable : audience.unreachable).push_back(peer.epoch);
    }
  }
  return audience;
}

void Cluster::publish(control::PeerBroadcast broadcast,
                      std::function<void(control::PeerReport)> done) {
  Publication::Parts parts;
  parts.messages = broadcast.parts ? broadcast.parts->size() : 1;
  Audience awaited;
  if (broadcast.wait) {
    awaited = audience(broadcast);
    parts.unreachable = std::move(awaited.unreachable);
    parts.reports = !awaited.reachable.empty();
  }
  const bool only_count = broadcast.request.validate_only();
  if (only_count) parts.messages = 0;
  const std::uint64_t id = parts.reports ? next_id_.fetch_add(1) : 0;
  const auto publication = std::make_shared<Publication>(
      std::move(parts), [this](std::uint64_t epoch) { return node_id(epoch); }, std::move(done));
  if (id != 0) {
    expect(id, awaited.reachable, *broadcast.wait, [publication](Pending::Replies replies) {
      publication->reports_done(std::move(replies));
    });
  }
  if (only_count) {
    if (id == 0) asio::post(loop_, [publication] { publication->nothing_to_do(); });
    for (const std::uint64_t epoch : awaited.reachable) {
      v1::BusRequest question;
      question.set_id(id);
      *question.mutable_broadcast() = request_for(epoch, broadcast);
      publish_question(epoch, std::move(question));
    }
  } else if (broadcast.parts) {
    for (const control::PeerPart& part : *broadcast.parts) {
      publish_to(part.epoch, request_for(part.epoch, broadcast), id, publication);
    }
  } else {
    publish_to(bus::kEveryone, std::move(broadcast.request), id, publication);
  }
}

void Cluster::publish_to(std::uint64_t to, v1::BroadcastRequest request, std::uint64_t report_id,
                         const std::shared_ptr<Publication>& publication) {
  v1::BusBody body;
  *body.mutable_broadcast()->mutable_request() = std::move(request);
  body.mutable_broadcast()->set_report_id(report_id);
  std::string bytes = body.SerializeAsString();
  auto done = [this, publication, report_id, to](bus::Outcome outcome) {
    std::vector<std::uint64_t> missed;
    if (!bus::handed_over(outcome)) missed = nodes_of(to);
    publication->message_done(outcome, missed);
    for (const std::uint64_t epoch : missed) pending_.give_up(report_id, epoch);
  };
  const std::lock_guard lock(order_);
  hand_over(bus::Lane::kOrdered, to, sent_.next(to, Clock::now()), std::move(bytes),
            std::move(done));
}

std::vector<std::uint64_t> Cluster::nodes_of(std::uint64_t to) const {
  if (to != bus::kEveryone) return {to};
  std::vector<std::uint64_t> epochs;
  for (const control::Peer& peer : others()) epochs.push_back(peer.epoch);
  return epochs;
}

void Cluster::ask(std::uint64_t epoch, v1::BusRequest request, std::chrono::milliseconds timeout,
                  Replied done) {
  const std::uint64_t id = next_id_.fetch_add(1);
  request.set_id(id);
  expect(id, {epoch}, timeout, [this, done = std::move(done)](Pending::Replies replies) {
    std::optional<v1::BusReply> reply;
    if (!replies.answers.empty()) reply = std::move(replies.answers.front().second);
    {
      const std::lock_guard lock(known_);
      ++stats_.asked[static_cast<std::size_t>(result_of(reply))];
    }
    done(std::move(reply));
  });
  publish_question(epoch, std::move(request));
}

void Cluster::publish_question(std::uint64_t to, v1::BusRequest request) {
  auto done = [this, to, id = request.id()](bus::Outcome outcome) {
    if (!bus::handed_over(outcome)) pending_.give_up(id, to);
  };
  v1::BusBody body;
  *body.mutable_request() = std::move(request);
  const std::lock_guard lock(order_);
  body.mutable_request()->set_after(sent_.to_everyone());
  hand_over(bus::Lane::kDirect, to, sent_.to(to), body.SerializeAsString(), std::move(done));
}

// The loop learns of a question before its answer can come: at once on its own thread, where what
// is posted waits until the handler at hand is done, and otherwise through the queue that the
// answer will have to pass.
void Cluster::expect(std::uint64_t id, std::vector<std::uint64_t> epochs,
                     std::chrono::milliseconds wait, Pending::Done done) {
  asio::dispatch(loop_, [this, id, epochs = std::move(epochs), deadline = Clock::now() + wait,
                         done = std::move(done)]() mutable {
    pending_.expect(id, epochs, deadline, std::move(done));
    schedule_expiry();
  });
}

void Cluster::send(std::uint64_t to, const v1::BusBody& body) {
  std::string bytes = body.SerializeAsString();
  const std::lock_guard lock(order_);
  hand_over(bus::Lane::kDirect, to, sent_.to(to), std::move(bytes), {});
}

void Cluster::send_reply(std::uint64_t to, v1::BusReply reply) {
  v1::BusBody body;
  *body.mutable_reply() = std::move(reply);
  send(to, body);
}

// With order_ held.
void Cluster::hand_over(bus::Lane lane, std::uint64_t to, std::uint64_t sequence, std::string body,
                        bus::Bus::Done done) {
  if (!running_) return;  // a late answer; nobody waits for it
  bus_.publish(lane, to, seal({options_.name, options_.epoch, to, sequence}, std::move(body)),
               std::move(done));
}

void Cluster::beat() {
  const v1::Node self = options_.describe();
  v1::BusBody body;
  v1::BusHeartbeat& beat = *body.mutable_heartbeat();
  beat.set_control_address(self.control_address());
  beat.set_version(self.version());
  beat.set_uptime_ms(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - born_).count());
  beat.set_clients(self.clients());
  beat.set_queued_bytes(self.queued_bytes());
  {
    const std::lock_guard lock(known_);
    beat.set_gap_messages(static_cast<std::int64_t>(heard_.gaps()));
  }
  const std::lock_guard lock(order_);
  if (said_goodbye_) return;  // others would take it for a node that has come
  for (const auto& [node, sequence] : sent_.to_nodes()) {
    v1::BusHeartbeat::Sent& sent = *beat.add_sent();
    sent.set_to(node);
    sent.set_sequence(sequence);
  }
  hand_over(bus::Lane::kDirect, bus::kEveryone, sent_.to_everyone(), body.SerializeAsString(), {});
}

}  // namespace crier::services::cluster
