#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crier/v1/bus.pb.h"
#include "services/bus/bus.hpp"
#include "services/cluster/deliveries.hpp"
#include "services/cluster/envelope.hpp"
#include "services/cluster/heard.hpp"
#include "services/cluster/held_requests.hpp"
#include "services/cluster/members.hpp"
#include "services/cluster/pending.hpp"
#include "services/cluster/publication.hpp"
#include "services/cluster/responder.hpp"
#include "services/cluster/sent.hpp"
#include "services/cluster/stats.hpp"
#include "services/control/control.hpp"
#include "services/control/peers.hpp"

namespace crier::services::cluster {

struct ClusterOptions {
  std::uint64_t epoch = 0;  // this node's incarnation
  std::string name;         // what people call it
  std::chrono::milliseconds heartbeat{1'000};
  std::chrono::milliseconds silence{5'000};    // then a node is unreachable
  std::size_t max_message_bytes = 17U << 20U;  // a larger one is ignored
  std::function<v1::Node()> describe;          // this node as it is; any thread
};

// This node among others: tells them what is to be broadcast, asks and answers, knows who is there,
// and counts what was missed.
//
//   publish, ask  -> Sent, seal -> Bus                                          (any thread)
//   Bus -> open -> Heard -> Deliveries | Responder | Pending | Members  (the loop's thread)
//
// The methods of Peers may be called from any thread, between start() and stop().
class Cluster final : public control::Peers, private bus::Receiver {
 public:
  // The loop is run by one thread, the same that the bus uses. Both must outlive this object.
  Cluster(asio::io_context& loop, bus::Bus& bus, ClusterOptions options);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster() override;

  // `control` carries out what other nodes ask, and must outlive stop(); its clients may answer
  // later, but before this object ends.
  void start(control::Control& control);
  // Says goodbye, stops the bus and ends every open call. While the loop still runs. Idempotent.
  void stop();

  [[nodiscard]] bool joined() const override { return true; }
  [[nodiscard]] std::vector<control::Peer> others() const override;
  [[nodiscard]] std::string node_id(std::uint64_t epoch) const override;
  [[nodiscard]] std::string own_node_id() const override { return own_node_id_; }
  [[nodiscard]] std::vector<v1::Node> nodes() const override;
  void publish(control::PeerBroadcast broadcast,
               std::function<void(control::PeerReport)> done) override;
  void ask(std::uint64_t epoch, v1::BusRequest request, std::chrono::milliseconds timeout,
           Replied done) override;

  // Any thread.
  [[nodiscard]] Stats stats() const;

 private:
  using Clock = std::chrono::steady_clock;

  // From the bus.
  bool on_message(bus::Lane lane, std::string_view bytes) override;
  void on_state(bool up) override;
  bool on_body(bus::Lane lane, const v1::BusEnvelope& from, v1::BusBody& body);
  bool on_broadcast(const v1::BusEnvelope& from, v1::BusBroadcast& broadcast);
  void on_heartbeat(const v1::BusEnvelope& from, v1::BusHeartbeat& beat);
  void on_hello(const v1::BusEnvelope& from, const v1::BusHello& hello);
  void on_request(const v1::BusEnvelope& from, v1::BusRequest& request);
  void answer(HeldRequest request);
  void answer_held();
  void on_goodbye(std::uint64_t from);
  void note_sent(const v1::BusEnvelope& from, const v1::BusHeartbeat& beat);

  // To the bus, from any thread.
  struct Audience;
  [[nodiscard]] Audience audience(const control::PeerBroadcast& broadcast) const;
  void expect(std::uint64_t id, std::vector<std::uint64_t> epochs, std::chrono::milliseconds wait,
              Pending::Done done);
  void publish_to(std::uint64_t to, v1::BroadcastRequest request, std::uint64_t report_id,
                  const std::shared_ptr<Publication>& publication);
  [[nodiscard]] std::vector<std::uint64_t> nodes_of(std::uint64_t to) const;
  void publish_question(std::uint64_t to, v1::BusRequest request);
  void send(std::uint64_t to, const v1::BusBody& body);
  void send_reply(std::uint64_t to, v1::BusReply reply);
  void hand_over(bus::Lane lane, std::uint64_t to, std::uint64_t sequence, std::string body,
                 bus::Bus::Done done);
  void beat();

  // On the loop's thread.
  void schedule_beat();
  void schedule_expiry();
  void ignore(Ignored reason);

  asio::io_context& loop_;
  bus::Bus& bus_;
  const ClusterOptions options_;
  const std::string own_node_id_;
  const Clock::time_point born_ = Clock::now();

  // The order of what is published: whoever holds it counts and hands over.
  std::mutex order_;
  Sent sent_;                  // order_
  bool said_goodbye_ = false;  // order_
  std::atomic<std::uint64_t> next_id_{1};

  // The loop's thread alone.
  Clock::time_point needed_since_ = born_;     // what was published earlier was for no client here
  bool complete_ = false;                      // see BusHello
  bool was_up_ = false;                        // the bus, at least once
  std::optional<Clock::time_point> up_since_;  // the bus
  std::unique_ptr<Deliveries> deliveries_;
  std::unique_ptr<Responder> responder_;
  Pending pending_;
  HeldRequests held_;
  asio::steady_timer beat_timer_;
  asio::steady_timer expiry_timer_;

  mutable std::mutex known_;  // guards all below
  Members members_;
  Heard heard_;
  Stats stats_;

  std::atomic<bool> running_{false};
};

}  // namespace crier::services::cluster
