// What codec envelope adds to a connection: messages of its own in both directions.
#include <algorithm>
#include <random>
#include <utility>

#include "dataplane/connection/connection.hpp"
#include "dataplane/envelope/client_frame.hpp"
#include "dataplane/envelope/server_frame.hpp"
#include "dataplane/framing/base64.hpp"

namespace crier::dataplane {
namespace {

// From one renewal of credentials to the next, at least.
constexpr std::chrono::seconds kRenewalPause{1};

}  // namespace

// --- What the client says.

// False where the frame was not taken.
bool Connection::process_envelope(std::string_view frame) {
  std::string_view message = frame;
  if (listener_.config.framing.kind == FramingKind::kLine) {
    std::string& decoded = shard_.envelope_scratch;
    decoded.clear();
    if (!append_from_base64(decoded, frame)) {
      close(CloseReason::kMalformedEnvelope);
      return true;
    }
    message = decoded;
  }
  const auto parsed = envelope::parse_client_frame(message);
  switch (parsed.kind) {
    case envelope::ClientFrame::Kind::kPayload:
      return process_payload(parsed.bytes);
    case envelope::ClientFrame::Kind::kMalformed:
      close(CloseReason::kMalformedEnvelope);
      break;
    case envelope::ClientFrame::Kind::kHello:
      renew_credentials(parsed.bytes);
      break;
    case envelope::ClientFrame::Kind::kPing:
      offer_notice(envelope::pong(parsed.id));
      break;
    case envelope::ClientFrame::Kind::kPong:
      on_pong(parsed.id);
      break;
    case envelope::ClientFrame::Kind::kUnknown:
      break;
  }
  ++received_frames_;
  ++shard_.stats.received_frames;
  return true;
}

// A later hello: of the same client, or of nobody.
void Connection::renew_credentials(std::string_view token) {
  if (listener_.config.authentication != Authentication::kToken) {
    close(CloseReason::kMalformedEnvelope);
    return;
  }
  // A signature takes longer to check than a frame to send.
  EnvelopeState& state = *envelope();
  if (shard_.now < state.renewed_at + kRenewalPause) {
    close(CloseReason::kRateLimited);
    return;
  }
  state.renewed_at = shard_.now;
  const auto outcome = listener_.authenticator->check_token(token);
  const auto* identity = std::get_if<Identity>(&outcome);
  if (identity == nullptr || identity->subject != session_->identity->subject) {
    close(CloseReason::kAuthFailed);
    return;
  }
  session_->expires = expiry(*identity, listener_.config.expiry_grace, shard_.now);
  session_->identity = *identity;
  shard_.deadlines.wake_by(origin_.slot, session_->expires);
}

void Connection::on_pong(std::uint64_t id) {
  EnvelopeState& state = *envelope();
  if (!state.awaiting_pong || id != state.ping_id) return;
  state.awaiting_pong = false;
  const auto rtt = shard_.now - state.pinged_at;
  shard_.deadlines.wake_by(origin_.slot, next_ping());
  state.rtt = std::chrono::duration_cast<std::chrono::microseconds>(rtt);
  shard_.stats.ping_rtt.observe(std::chrono::duration<double>(rtt).count());
}

// --- What crier says.

// False where there is no room for it; then it is dropped. Sent with the next flush.
bool Connection::offer_notice(std::string_view message) {
  std::string& wire = shard_.wire_scratch;
  wire.clear();
  encode_message(listener_.encoding, message, wire);
  Notices& notices = envelope()->notices;
  if (notices.wire.size() + wire.size() > Notices::kBytesMax) {
    offer_nothing(DropReason::kQueueFull, Source::kNotice);
    return false;
  }
  count_offered(Source::kNotice, 1);
  notices.wire += wire;
  ++notices.frames;
  ++shard_.stats.queued_frames;
  shard_.stats.queued_bytes += wire.size();
  notices_due_ = true;
  return true;
}

void Connection::send_hello() {
  const std::string text = to_string(id());
  const ListenerConfig& config = listener_.config;
  envelope()->pinged_at = shard_.now;
  offer_notice(envelope::server_hello({text, config.ping_interval, config.pong_timeout}));
}

void Connection::send_ping() {
  EnvelopeState& state = *envelope();
  state.pinged_at = shard_.now;
  ++state.ping_id;
  // Where not even a ping has room, or none gets out, write_stall decides.
  state.ping_sent = false;
  state.awaiting_pong = offer_notice(envelope::ping(state.ping_id));
  flush();
}

Time Connection::next_ping() const {
  const EnvelopeState* const state = envelope();
  if (state == nullptr || state->awaiting_pong) return kNever;
  if (listener_.config.ping_interval.count() == 0) return kNever;
  return state->pinged_at + listener_.config.ping_interval;
}

Time Connection::pong_deadline() const {
  const EnvelopeState* const state = envelope();
  if (state == nullptr || !state->awaiting_pong || !state->ping_sent) return kNever;
  return state->pinged_at + listener_.config.pong_timeout;
}

// The last frame, which the bounds of the queue do not hold for.
void Connection::send_goaway() {
  if (close_reason_ == CloseReason::kClientClosed) return;
  std::uniform_int_distribution<std::int64_t> draw(0, listener_.config.reconnect_spread.count());
  const std::chrono::milliseconds after(draw(shard_.random));
  std::string& wire = shard_.wire_scratch;
  wire.clear();
  encode_message(listener_.encoding, envelope::goaway(close_reason_, after), wire);
  count_offered(Source::kNotice, 1);
  push(log_frame(wire));
  shard_.replies.settle();
}

void Connection::count_missed(std::uint32_t frames) {
  if (frames == 0 || envelope() == nullptr) return;
  EnvelopeState& state = *envelope();
  state.missed += frames;
  state.missed_total += frames;
  notices_due_ = true;
}

// --- How it gets out: one send, of notices or of the frame that they have to wait for. False where
// the peer is gone.

bool Connection::send_notices_once() {
  EnvelopeState& state = *envelope();
  Notices& notices = state.notices;
  if (!notices.begun && mid_frame()) {
    const iovec rest = channel_.gather_begun(begun_bytes());
    ++shard_.stats.send_calls;
    return take_result(send_some({&rest, 1}), rest.iov_len);
  }
  if (!notices.begun && state.missed > 0 &&
      offer_notice(envelope::gap(state.missed, state.missed_total))) {
    state.missed = 0;
  }
  if (notices.wire.empty()) {
    notices_due_ = false;
    return true;
  }
  notices.begun = true;
  const iovec part{notices.wire.data() + notices.sent_bytes, notices.unsent_bytes()};
  ++shard_.stats.send_calls;
  const Sockets::Result sent = send_some({&part, 1});
  if (sent.error != 0 && !sent.would_block()) return false;
  take_notices_result(sent.bytes);
  note_progress(sent.bytes, part.iov_len);
  return true;
}

void Connection::take_notices_result(std::uint64_t bytes) {
  if (bytes == 0) return;
  Notices& notices = envelope()->notices;
  notices.sent_bytes += bytes;
  sent_at_ = shard_.now;
  sent_bytes_ += bytes;
  shard_.stats.sent_bytes += bytes;
  shard_.stats.queued_bytes -= bytes;
  if (notices.unsent_bytes() > 0) return;
  sent_frames_ += notices.frames;
  shard_.stats.sent_frames += notices.frames;
  shard_.stats.queued_frames -= notices.frames;
  notices = {};
  notices_due_ = envelope()->missed > 0;
  note_ping_sent();
}

// The client's time to answer begins.
void Connection::note_ping_sent() {
  EnvelopeState& state = *envelope();
  if (!state.awaiting_pong || std::exchange(state.ping_sent, true)) return;
  state.pinged_at = shard_.now;
  shard_.deadlines.wake_by(origin_.slot, pong_deadline());
}

void Connection::abandon_notices() {
  Notices& notices = envelope()->notices;
  count_discarded(notices.frames);
  shard_.stats.queued_frames -= notices.frames;
  shard_.stats.queued_bytes -= notices.unsent_bytes();
  notices = {};
  notices_due_ = false;
}

}  // namespace crier::dataplane
