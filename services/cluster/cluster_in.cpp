// What comes from the bus.
#include <asio/post.hpp>
#include <utility>
#include <variant>

#include "services/cluster/cluster.hpp"

namespace crier::services::cluster {

bool Cluster::on_message(bus::Lane lane, std::string_view bytes) {
  auto opened = open(bytes, options_.max_message_bytes);
  if (const auto* reason = std::get_if<Ignored>(&opened)) {
    ignore(*reason);
    return true;
  }
  auto& [envelope, body] = std::get<Opened>(opened);
  if (envelope.epoch() == options_.epoch) return true;  // our own, come back
  if (envelope.to() != bus::kEveryone && envelope.to() != options_.epoch) {
    ignore(Ignored::kOtherReceiver);
    return true;
  }
  {
    const std::lock_guard lock(known_);
    members_.heard(envelope.epoch(), Clock::now());
  }
  return on_body(lane, envelope, body);
}

bool Cluster::on_body(bus::Lane lane, const v1::BusEnvelope& from, v1::BusBody& body) {
  switch (body.kind_case()) {
    case v1::BusBody::kBroadcast:
      // In a cluster whose bus keeps broadcasts, one beside its lane would upset the numbers.
      if (lane == bus::Lane::kOrdered || bus_.one_path()) {
        return on_broadcast(from, *body.mutable_broadcast());
      }
      ignore(Ignored::kKind);
      break;
    case v1::BusBody::kHeartbeat:
      on_heartbeat(from, *body.mutable_heartbeat());
      break;
    case v1::BusBody::kGoodbye:
      on_goodbye(from.epoch());
      break;
    case v1::BusBody::kHello:
      on_hello(from, body.hello());
      break;
    case v1::BusBody::kWelcome: {
      const std::lock_guard lock(known_);
      if (body.welcome().nothing_missed()) {
        heard_.settle_whole(from.epoch());
      } else {
        heard_.settle(from.epoch(), body.welcome().sequence());
      }
      break;
    }
    case v1::BusBody::kRequest:
      on_request(from, *body.mutable_request());
      break;
    case v1::BusBody::kReply:
      pending_.reply(from.epoch(), std::move(*body.mutable_reply()));
      schedule_expiry();
      break;
    case v1::BusBody::KIND_NOT_SET:
      break;  // open() refuses it
  }
  return true;
}

bool Cluster::on_broadcast(const v1::BusEnvelope& from, v1::BusBroadcast& broadcast) {
  {
    const std::lock_guard lock(known_);
    if (heard_.accept(from.epoch(), from.to() != bus::kEveryone, from.sequence()) ==
        Heard::Verdict::kDuplicate) {
      ++stats_.ignored[static_cast<std::size_t>(Ignored::kDuplicate)];
      return true;
    }
  }
  if (!deliveries_->deliver(from.epoch(), std::move(broadcast))) return false;
  answer_held();
  return true;
}

void Cluster::on_heartbeat(const v1::BusEnvelope& from, v1::BusHeartbeat& beat) {
  bool fresh = false;
  bool unsettled = false;
  {
    const std::lock_guard lock(known_);
    note_sent(from, beat);
    switch (members_.heartbeat(from.epoch(), from.node(), std::move(beat), Clock::now())) {
      case Members::Beat::kKnown:
        break;
      case Members::Beat::kNew:
        fresh = true;
        break;
      case Members::Beat::kTooMany:
        ++stats_.ignored[static_cast<std::size_t>(Ignored::kTooManyNodes)];
        return;
    }
    unsettled = heard_.unsettled(from.epoch());
  }
  if (fresh) this->beat();               // so that it need not wait to know us
  if (!unsettled || !up_since_) return;  // asked too early, it could not say what mattered
  v1::BusBody body;
  body.mutable_hello()->set_uptime_ms(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - needed_since_).count());
  body.mutable_hello()->set_complete(complete_);
  send(from.epoch(), body);
}

// With known_ held. Where a heartbeat may overtake broadcasts, only later broadcasts tell of gaps.
void Cluster::note_sent(const v1::BusEnvelope& from, const v1::BusHeartbeat& beat) {
  if (!bus_.one_path()) {
    heard_.meet(from.epoch());
    return;
  }
  heard_.note(from.epoch(), false, from.sequence());
  for (const v1::BusHeartbeat::Sent& sent : beat.sent()) {
    if (sent.to() == options_.epoch) heard_.note(from.epoch(), true, sent.sequence());
  }
}

// Whoever listened before it mattered, and after this node's own way to the bus stood, has heard
// all that was handed over since: what it did not hear came earlier. No clock could tell as
// exactly.
void Cluster::on_hello(const v1::BusEnvelope& from, const v1::BusHello& hello) {
  const auto then =
      Clock::now() - std::chrono::milliseconds(std::max<std::int64_t>(0, hello.uptime_ms()));
  const bool nothing_missed =
      hello.complete() && up_since_ && *up_since_ + Sent::kSampleTime < then;
  v1::BusBody body;
  {
    const std::lock_guard lock(order_);
    body.mutable_welcome()->set_sequence(sent_.to_everyone_at(then));
  }
  body.mutable_welcome()->set_nothing_missed(nothing_missed);
  send(from.epoch(), body);
}

void Cluster::on_goodbye(std::uint64_t from) {
  {
    const std::lock_guard lock(known_);
    members_.left(from);
    if (bus_.one_path()) heard_.forget(from);
  }
  {
    const std::lock_guard lock(order_);
    sent_.forget(from);
  }
  pending_.give_up_node(from);
}

// What closes clients must not come before what was sent to them.
void Cluster::on_request(const v1::BusEnvelope& from, v1::BusRequest& request) {
  HeldRequest asked{from.epoch(), request.after(), from.sequence(), std::move(request)};
  if (asked.request.has_disconnect() && !bus_.one_path()) {
    bool early = false;
    {
      const std::lock_guard lock(known_);
      early = !heard_.reached(asked.from, asked.everyone, asked.named);
    }
    if (early && held_.hold(asked, Clock::now())) {
      schedule_expiry();
      return;
    }
  }
  answer(std::move(asked));
}

void Cluster::answer_held() {
  if (held_.empty()) return;
  const auto reached = [this](const HeldRequest& request) {
    const std::lock_guard lock(known_);
    return heard_.reached(request.from, request.everyone, request.named);
  };
  for (HeldRequest& request : held_.release(reached, Clock::now())) answer(std::move(request));
}

void Cluster::answer(HeldRequest request) {
  responder_->answer(std::move(request.request), [this, to = request.from](v1::BusReply reply) {
    send_reply(to, std::move(reply));
  });
}

void Cluster::on_state(bool up) {
  if (!up) {
    complete_ = false;
    up_since_.reset();
    pending_.expire_all();  // no answer can come any more
    return;
  }
  up_since_ = Clock::now();
  if (!std::exchange(was_up_, true) && options_.describe().clients() == 0) {
    needed_since_ = *up_since_;
    complete_ = true;
  }
  beat();
}

void Cluster::ignore(Ignored reason) {
  const std::lock_guard lock(known_);
  ++stats_.ignored[static_cast<std::size_t>(reason)];
}

}  // namespace crier::services::cluster
