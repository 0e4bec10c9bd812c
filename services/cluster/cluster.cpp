#include "services/cluster/cluster.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <future>
#include <system_error>
#include <utility>

#include "services/control/convert.hpp"
#include "services/control/node_id.hpp"

namespace crier::services::cluster {

Cluster::Cluster(asio::io_context& loop, bus::Bus& bus, ClusterOptions options)
    : loop_(loop),
      bus_(bus),
      options_(std::move(options)),
      own_node_id_(control::make_node_id(options_.name, options_.epoch)),
      beat_timer_(loop),
      expiry_timer_(loop),
      members_(options_.silence) {}

Cluster::~Cluster() {
  stop();
}

void Cluster::start(control::Control& control) {
  responder_ = std::make_unique<Responder>(control);
  deliveries_ = std::make_unique<Deliveries>(
      loop_, control,
      Deliveries::Hooks{
          [this](std::uint64_t to, v1::BusReply reply) { send_reply(to, std::move(reply)); },
          [this] {
            answer_held();
            bus_.resume();
          }});
  running_ = true;
  bus_.start(*this);
  asio::post(loop_, [this] { schedule_beat(); });
}

void Cluster::stop() {
  if (!running_) return;
  v1::BusBody goodbye;
  goodbye.mutable_goodbye();
  {
    const std::lock_guard lock(order_);
    hand_over(bus::Lane::kDirect, bus::kEveryone, sent_.to_everyone(), goodbye.SerializeAsString(),
              {});
    said_goodbye_ = true;
  }
  bus_.stop();
  running_ = false;
  std::promise<void> ended;
  asio::post(loop_, [this, &ended] {
    beat_timer_.cancel();
    expiry_timer_.cancel();
    deliveries_->stop();
    pending_.expire_all();
    ended.set_value();
  });
  ended.get_future().wait();
}

std::vector<control::Peer> Cluster::others() const {
  const bool up = bus_.up();
  const auto now = Clock::now();
  std::vector<control::Peer> peers;
  const std::lock_guard lock(known_);
  for (const auto& [epoch, member] : members_.all()) {
    peers.push_back({epoch, member.node_id, up && !members_.silent(member, now)});
  }
  return peers;
}

std::string Cluster::node_id(std::uint64_t epoch) const {
  if (epoch == options_.epoch) return own_node_id_;
  const std::lock_guard lock(known_);
  return members_.node_id(epoch);
}

std::vector<v1::Node> Cluster::nodes() const {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const bool up = bus_.up();
  std::vector<v1::Node> nodes{options_.describe()};
  nodes[0].set_has_bus(true);
  nodes[0].set_bus_up(up);
  const auto now = Clock::now();
  const std::lock_guard lock(known_);
  nodes[0].set_gap_messages(static_cast<std::int64_t>(heard_.gaps()));
  for (const auto& [epoch, member] : members_.all()) {
    v1::Node& node = nodes.emplace_back();
    node.set_node_id(member.node_id);
    node.set_name(member.name);
    node.set_reachable(up && !members_.silent(member, now));
    node.set_control_address(member.last.control_address());
    node.set_version(member.last.version());
    *node.mutable_uptime() = control::to_duration(milliseconds(member.last.uptime_ms()));
    *node.mutable_heard_ago() =
        control::to_duration(duration_cast<milliseconds>(now - member.heard_at));
    node.set_clients(member.last.clients());
    node.set_queued_bytes(member.last.queued_bytes());
    node.set_has_bus(true);
    node.set_bus_up(node.reachable());
    node.set_gap_messages(member.last.gap_messages());
    node.set_missed_messages(static_cast<std::int64_t>(heard_.gaps(epoch)));
  }
  return nodes;
}

Stats Cluster::stats() const {
  const std::vector<control::Peer> peers = others();
  const std::lock_guard lock(known_);
  Stats stats = stats_;
  for (const control::Peer& peer : peers) ++(peer.reachable ? stats.reachable : stats.unreachable);
  stats.gap_messages = heard_.gaps();
  if (deliveries_ != nullptr) {
    stats.broadcasts = deliveries_->delivered();
    stats.ignored[static_cast<std::size_t>(Ignored::kRefused)] = deliveries_->refused();
  }
  return stats;
}

void Cluster::schedule_beat() {
  if (!running_) return;
  beat_timer_.expires_after(options_.heartbeat);
  beat_timer_.async_wait([this](std::error_code ec) {
    if (ec || !running_) return;
    beat();
    std::vector<std::uint64_t> forgotten;
    {
      const std::lock_guard lock(known_);
      forgotten = members_.forget_silent(Clock::now());
      for (const std::uint64_t epoch : forgotten) heard_.forget(epoch);
    }
    if (!forgotten.empty()) {
      const std::lock_guard lock(order_);
      for (const std::uint64_t epoch : forgotten) sent_.forget(epoch);
    }
    schedule_beat();
  });
}

void Cluster::schedule_expiry() {
  if (!running_) return;
  const Clock::time_point next = std::min(pending_.next_deadline(), held_.next_deadline());
  if (next == Clock::time_point::max()) return;
  expiry_timer_.expires_at(next);
  expiry_timer_.async_wait([this](std::error_code ec) {
    if (ec) return;
    pending_.expire(Clock::now());
    answer_held();
    schedule_expiry();
  });
}

}  // namespace crier::services::cluster
